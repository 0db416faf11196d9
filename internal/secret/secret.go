// Package secret recognises AWS credentials in text, and takes out what must not
// be shown again.
//
// A secret access key is 40 characters of base64 and nothing else tells it from
// other such text. It is recognised by a name before it (SecretAccessKey,
// aws_secret_access_key, …), by an access key id near it, or by itself where it
// stands alone, mixes cases and digits as random text does, and is no part of an
// ARN, a path or a longer word; as such a part it is where no name of words would
// change between cases and digits that often. So a hexadecimal digest stays, and so
// does a name made of words; one random key in a few thousand that stands alone
// without any name is missed, and one in a few hundred that is a part. A session
// token is recognised by a name or by how it begins, and so are tokens of GitHub and
// private keys. Signatures of requests, cookies and the credentials of a header
// Authorization are recognised by their names.
//
// Access key ids are no secrets and stay.
package secret

import (
	"encoding/base64"
	"slices"
	"strings"
)

// Kind is what was found.
type Kind uint8

const (
	AccessKey    Kind = iota + 1 // secret access key
	SessionToken                 // session token of temporary credentials
	Token                        // token of GitHub, of the metadata service, or in a header
	Signature                    // signature of a request
	Cookie                       // cookies of a request or answer
	PrivateKey                   // private key in the form PEM
)

// String is the placeholder that stands where the secret stood.
func (k Kind) String() string { return "‹" + kinds[k] + ", not shown›" }

var kinds = [...]string{AccessKey: "secret access key", SessionToken: "session token", Token: "token", Signature: "signature", Cookie: "cookie", PrivateKey: "private key"}

// A Finding is a secret in a text: text[Start:End].
type Finding struct {
	Kind       Kind
	Start, End int
}

// Redact puts a placeholder in the place of each secret.
func Redact(text string) string {
	found := Find(text)
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, f := range found {
		b.WriteString(text[at:f.Start])
		b.WriteString(f.Kind.String())
		at = f.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// keyLength is the length of a secret access key.
const keyLength = 40

// near is how far from an access key id its secret is looked for, in bytes.
const near = 200

// Find finds the secrets of a text, in its order. They do not overlap.
func Find(text string) []Finding {
	if len(text) < shortest {
		return nil
	}
	announced := named(text)
	ids := AccessKeyIDs(text)
	var found []Finding
	decoded := 0 // what is before was looked into, as base64
	for r := range runs(text, ids) {
		for len(announced) > 0 && announced[0].Start < r.end {
			found = append(found, announced[0])
			announced = announced[1:]
		}
		if len(found) > 0 && found[len(found)-1].End > r.start {
			continue
		}
		kind, ok := r.secret(text, func() bool {
			i, _ := slices.BinarySearchFunc(ids, r.start-near, func(id AccessKeyID, at int) int { return id.Start - at })
			return i < len(ids) && ids[i].Start < r.end+near
		})
		if !ok && r.length >= shortestCode && r.start >= decoded {
			decoded = tokenEnd(text, r)
			if kind, ok = encoded(text[r.start:decoded]); ok {
				r.end = decoded
			}
		}
		switch {
		case ok && kind == SessionToken:
			r.end = tokenEnd(text, r)
			fallthrough
		case ok:
			found = append(found, Finding{kind, escaped(text, r.start), r.end})
		case r.length > keyLength:
			for _, key := range r.keys(text) {
				found = append(found, Finding{AccessKey, escaped(text, key.start), key.end})
			}
		}
	}
	return append(found, announced...)
}

// encoded is the kind of a secret in what is base64, over any number of lines.
func encoded(text string) (Kind, bool) {
	var code strings.Builder
	for at := 0; at < len(text); {
		if n, plain := character(text[at:]); n > 0 {
			code.WriteByte(plain)
			at += n
			continue
		}
		next := nextLine(text, at)
		if next == at { // the "=" at the end
			break
		}
		at = next
	}
	inside, _ := base64.RawStdEncoding.DecodeString(code.String()) // as far as it can be read
	if found := Find(string(inside)); len(found) > 0 {
		return found[0].Kind, true
	}
	return 0, false
}

// escaped is the beginning of the escape whose letter stands at i, and i if none
// does: no half of an escape stays, which would make JSON wrong.
func escaped(text string, i int) int {
	if before := text[:i]; (len(before)-len(strings.TrimRight(before, `\`)))%2 == 1 {
		return i - 1
	}
	return i
}
