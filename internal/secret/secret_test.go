package secret_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/iamsim/iamsim/internal/secret"
)

const (
	example = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" // AWS's own
	plain   = "c02xaRZQpfRiTT3TIo09NG3pReIsHpnkezcEFMg7" // of letters and digits only
	key     = "‹secret access key, not shown›"
	token   = "‹session token, not shown›"
)

const (
	digest = "9f2c1b7e5a3d4f60819b2c3d4e5f60718293a4b59f2c1b7e5a3d4f60819b2c3d"
	pem    = "-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu\nKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n-----END RSA PRIVATE KEY-----"
)

var session = "IQoJb3JpZ2luX2VjE" + strings.Repeat("aB3/x+Zq9", 30) + "=="

func TestRedact(t *testing.T) {
	wrapped := session[:100] + "\n" + session[100:200] + "\n" + session[200:]
	for sentence, c := range map[string]struct{ in, want string }{
		"a credentials file": {
			"[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = " + example + "\n",
			"[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = " + key + "\n",
		},
		"the environment":                  {"export AWS_SECRET_ACCESS_KEY=" + example, "export AWS_SECRET_ACCESS_KEY=" + key},
		"an answer of STS":                 {`{"SecretAccessKey": "` + example + `", "SessionToken": "` + session + `"}`, `{"SecretAccessKey": "` + key + `", "SessionToken": "` + token + `"}`},
		"JSON within JSON":                 {`"{\"secretAccessKey\":\"` + example + `\"}"`, `"{\"secretAccessKey\":\"` + key + `\"}"`},
		"an XML answer":                    {"<SecretAccessKey>" + example + "</SecretAccessKey>", "<SecretAccessKey>" + key + "</SecretAccessKey>"},
		"a Terraform provider":             {"access_key = \"AKIAIOSFODNN7EXAMPLE\"\nsecret_key = \"" + plain + "\"", "access_key = \"AKIAIOSFODNN7EXAMPLE\"\nsecret_key = \"" + key + "\""},
		"an environment as a list":         {`{"name": "AWS_SECRET_ACCESS_KEY", "value": "` + example + `"}`, `{"name": "AWS_SECRET_ACCESS_KEY", "value": "` + key + `"}`},
		"a CSV file of credentials":        {"Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE," + plain, "Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE," + key},
		"an id and its secret, by a slash": {"User: AKIAIOSFODNN7EXAMPLE/" + example + " is not", "User: AKIAIOSFODNN7EXAMPLE/" + key + " is not"},
		"an id and its secret, by a plus":  {"AKIAIOSFODNN7EXAMPLE+" + plain, "AKIAIOSFODNN7EXAMPLE+" + key},
		"an id and its secret, escaped":    {"AKIAIOSFODNN7EXAMPLE%2F" + strings.ReplaceAll(example, "/", "%2F"), "AKIAIOSFODNN7EXAMPLE%2F" + key},
		"a secret and its id":              {plain + "/AKIAIOSFODNN7EXAMPLE", key + "/AKIAIOSFODNN7EXAMPLE"},
		"an id, its secret and its token":  {"ASIAIOSFODNN7EXAMPLE/" + plain + ":" + session, "ASIAIOSFODNN7EXAMPLE/" + key + ":" + token},
		"all three, by colons":             {"ASIAIOSFODNN7EXAMPLE:" + plain + ":" + session, "ASIAIOSFODNN7EXAMPLE:" + key + ":" + token},
		"an id and its token":              {"ASIAIOSFODNN7EXAMPLE/" + session, "ASIAIOSFODNN7EXAMPLE/" + token},
		"the scope of a signature":         same("AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/lambda/aws4_request"),
		"a digest after an id":             same("AKIAIOSFODNN7EXAMPLE/9f2c1b7e5a3d4f60819b2c3d4e5f60718293a4b5"),
		"prose":                            {"The secret access key is " + example + ".", "The secret access key is " + key + "."},
		"slashes escaped in JSON":          {`"x":"` + strings.ReplaceAll(example, "/", `\/`) + `"`, `"x":"` + key + `"`},
		"slashes escaped in a URL":         {"key=" + strings.ReplaceAll(example, "/", "%2F"), "key=" + key},
		"alone":                            {example, key},
		"alone, without signs":             {"value " + plain + ".", "value " + key + "."},
		"as a resource":                    {"on resource: " + plain + " because", "on resource: " + key + " because"},
		"broken by a terminal":             {"aws_secret_access_key=" + example[:17] + "\n  " + example[17:], "aws_secret_access_key=" + key},
		"broken, and escaped in JSON":      {"aws_secret_access_key=" + example[:17] + `\n  ` + example[17:], "aws_secret_access_key=" + key},
		"broken, and escaped in XML":       {"aws_secret_access_key=" + example[:17] + `&#xA;` + example[17:], "aws_secret_access_key=" + key},
		"a credentials file in base64":     {"data: " + base64.StdEncoding.EncodeToString([]byte(file)) + ".", "data: " + key + "."},
		"the same in lines":                {"data:\n" + inLines(file, "\n") + "\nend", "data:\n" + key + "\nend"},
		"the same in lines, escaped":       {`"data":"` + inLines(file, `\n`) + `"`, `"data":"` + key + `"`},
		"other text in base64":             same(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("no secret, ", 20)))),
		"in colour":                        {"secret_key=\x1b[1;31m" + example + "\x1b[0m", "secret_key=\x1b[1;31m" + key + "\x1b[0m"},
		"in colour, escaped":               {`secret_key=\u001b[31m` + example + `\u001b[0m`, `secret_key=\u001b[31m` + key + `\u001b[0m`},
		"in colour, escaped twice":         {`want: \\x1b[31m` + example + `\\x1b[0m`, `want: \\x1b[31m` + key + `\\x1b[0m`},
		"half in colour":                   {"secret_key=" + example[:17] + "\x1b[31m" + example[17:], "secret_key=" + key},
		"with what has no width":           {"secret_key=" + example[:17] + "\u200b" + example[17:], "secret_key=" + key},
		"with what has no width, escaped":  {"secret_key=" + example[:17] + `\u200b` + example[17:], "secret_key=" + key},
		"on a line of its own, escaped":    {`message:\n` + example + `\nand more`, `message:\n` + key + `\nand more`},
		"the same in JSON within JSON":     {`message:\\n` + example + `\\nand more`, `message:\\n` + key + `\\nand more`},
		"after an escape of a character":   {`\u0017` + example + `, \x07` + plain, `\u0017` + key + `, \x07` + key},
		"after an escape in a URL":         {"key%3D" + example + "%20" + plain, "key%3D" + key + "%20" + key},
		"a backslash before it":            {`DOMAIN\n` + example[1:], `DOMAIN` + key},
		"an escaped backslash before it":   {`DOMAIN\\n` + example[1:], `DOMAIN\\` + key},
		"an escape that is half of it":     {`\u0017` + example[5:], key},
		"nothing but escapes":              same(`\n\u00\x\\%4%%41\`),
		"cut off":                          {"aws_secret_access_key=" + example[:30], "aws_secret_access_key=" + key},
		"a token broken, by its beginning": {wrapped, token},
		"a token by its beginning":         {"token " + session, "token " + token},
		"a header":                         {"X-Amz-Security-Token: " + session, "X-Amz-Security-Token: " + token},
		"a token broken by a terminal":     {"aws_session_token = " + wrapped + "\nregion = x", "aws_session_token = " + token + "\nregion = x"},
		"as the address of a resource":     {"aws_iam_role." + example + ".inline_policy[0]", "aws_iam_role." + key + ".inline_policy[0]"},
		"a name of words in a path":        same("arn:aws:iam::111122223333:role/AppTeamProd2/OrdersTableReaderWriterForTheShopV2"),
		"a name with digits in an ARN":     same("arn:aws:iam::111122223333:role/ApiV2GatewayLambda3InvokeRoleForEuWest12"),
		"a name of capitals in an ARN":     same("arn:aws:s3:::BUCKET/PRODUCTION2026/REPORTS/Q3FINALSUMMARYxls1"),
		"a logical ID with a digest":       same("prefix-MyRestApiProductionDeploy1234567890abcd1-suffix"),
		"a name in quoted-printable":       {"aws_secret_access_key=3D" + example[:30] + "=\n" + example[30:], "aws_secret_access_key=3D" + key},
		"a slash in quoted-printable":      {"aws_secret_access_key =3D " + strings.ReplaceAll(example, "/", "=2F"), "aws_secret_access_key =3D " + key},
		"a name in percent escapes":        {"aws%5Fsecret%5Faccess%5Fkey%3D" + plain, "aws%5Fsecret%5Faccess%5Fkey%3D" + key},
		"a key in percent escapes":         {"secret_key=%77%4A" + example[2:], "secret_key=" + key},
		"a name in Unicode escapes":        {`aws\u005fsecret_access_key\u003d\u0022` + plain + `\u0022`, `aws\u005fsecret_access_key\u003d\u0022` + key + `\u0022`},
		"a key in Unicode escapes":         {`secret_key=\u0077\u004a` + example[2:], `secret_key=` + key},
		"a presigned URL": {
			"https://b.s3.amazonaws.com/k?X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Security-Token=" + strings.ReplaceAll(strings.ReplaceAll(session, "/", "%2F"), "=", "%3D") + "&X-Amz-Signature=" + digest + "&x=1",
			"https://b.s3.amazonaws.com/k?X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Security-Token=" + token + "&X-Amz-Signature=‹signature, not shown›&x=1",
		},
		"a signed request": {
			"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=" + digest + "\nHost: x",
			"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=‹signature, not shown›\nHost: x",
		},
		"a header of curl":                       {"curl --header 'Authorization: Bearer " + plain + "-" + plain + "' https://x.test", "curl --header 'Authorization: Bearer ‹token, not shown›' https://x.test"},
		"the token of a container":               {`AWS_CONTAINER_AUTHORIZATION_TOKEN=` + plain + ".x", `AWS_CONTAINER_AUTHORIZATION_TOKEN=‹token, not shown›`},
		"the token of the metadata service":      {"X-aws-ec2-metadata-token: AQAEA" + plain + "==", "X-aws-ec2-metadata-token: ‹token, not shown›"},
		"cookies":                                {"Cookie: aws-creds=abc; session=def\nHost: x", "Cookie: ‹cookie, not shown›\nHost: x"},
		"a cookie that is set, in JSON":          {`"set-cookie: id=abc; Path=/"`, `"set-cookie: ‹cookie, not shown›"`},
		"a token of GitHub":                      {"https://ghp_" + plain[:36] + "@github.com", "https://‹token, not shown›@github.com"},
		"a fine-grained one, on a line in JSON":  {`a\ngithub_pat_` + plain + "_" + plain, `a\n‹token, not shown›`},
		"a private key":                          {"a\n" + pem + "\nb", "a\n‹private key, not shown›\nb"},
		"a private key in JSON":                  {`"key":"` + strings.ReplaceAll(pem, "\n", `\n`) + `"`, `"key":"‹private key, not shown›"`},
		"a private key that was cut off":         {pem[:len(pem)-60] + "\" and more", "‹private key, not shown›\" and more"},
		"two, of which one was cut off":          {`["` + pem[:60] + `","` + pem + `"]`, `["‹private key, not shown›","‹private key, not shown›"]`},
		"a public key":                           same(strings.ReplaceAll(pem, "PRIVATE", "PUBLIC")),
		"an answer of ECS":                       {`{"RoleArn":"TASK","AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"` + plain + `","Token":"` + session + `"}`, `{"RoleArn":"TASK","AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"` + key + `","Token":"` + token + `"}`},
		"what aws configure list prints":         {"secret_key     " + plain + " env", "secret_key     " + key + " env"},
		"a key that begins with a digest's name": same("signature=v2, cookie: none, authorization: aws:sourceArn, MetadataToken"),
		"the keys of conditions":                 same(`"s3:signatureversion":"AWS4-HMAC-SHA256","s3:signatureAge":"600000","s3:authType":"REST-QUERY-STRING"`),
		"two of them":                            {example + " " + plain, key + " " + key},
		"a commit":                               same("commit 9f2c1b7e5a3d4f60819b2c3d4e5f60718293a4b5"),
		"a digest in capitals":                   same("9F2C1B7E5A3D4F60819B2C3D4E5F60718293A4B5"),
		"a digest near an access key":            same("AKIAIOSFODNN7EXAMPLE 9f2c1b7e5a3d4f60819b2c3d4e5f60718293a4b5"),
		"the SHA-256 of code":                    same("CodeSha256: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
		"a name that the CDK made":               same("ApiGetUserByIdHandlerServiceRole3C5F8E9A"),
		"a name of words":                        same("AllowLambdaToReadTheOrdersTableOfTheShop"),
		"within an ARN":                          {"arn:aws:lambda:us-east-1:111122223333:function/" + plain, "arn:aws:lambda:us-east-1:111122223333:function/" + key},
		"within a session's ARN":                 {"arn:aws:sts::111122223333:assumed-role/app/" + example, "arn:aws:sts::111122223333:assumed-role/app/" + key},
		"within a URL":                           {"https://x.test?" + plain, "https://x.test?" + key},
		"a longer word":                          {"prefix-" + plain + "-suffix", "prefix-" + key + "-suffix"},
		"a longer run":                           same(plain + "a"),
		"a shorter run":                          same(plain[1:]),
		"the name of a secret only":              same(`"SecretAccessKey": {"Ref": "Key"}, "SessionToken": ""`),
		"a variable":                             same("secret_key = var.aws_secret_access_key"),
		"an access key id":                       same("AKIAIOSFODNN7EXAMPLE"),
		"a policy":                               same(`{"Sid": "AllowLambda", "Action": "lambda:GetFunction"}`),
		"nothing":                                same(""),
		"what was taken out before":              same("SecretAccessKey: " + key + " SessionToken: " + token),
		"EC2's encoded message":                  same("message: " + strings.Repeat("p1EyykaD2fI3csh_sf_WvdHF_s5IYypR-3Ecb", 20)),
		"the condition of an S3 policy":          same(`"s3:x-amz-server-side-encryption": "AES256"`),
	} {
		t.Run(sentence, func(t *testing.T) {
			assert.Equal(t, c.want, secret.Redact(c.in))
		})
	}
}

const file = "[default]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = " + example + "\n"

// inLines is a text in base64, as the command of that name prints it.
func inLines(text, lineBreak string) string {
	var lines []string
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(text))), 76) {
		lines = append(lines, string(line))
	}
	return strings.Join(lines, lineBreak)
}

func same(text string) struct{ in, want string } { return struct{ in, want string }{text, text} }

// secrets are random keys: base64 of hashes.
func secrets(n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "secret %d", n))
	return base64.StdEncoding.EncodeToString(sum[:])[:40]
}

func TestNoSecretSurvives(t *testing.T) {
	names := []string{"SecretAccessKey", "aws_secret_access_key", "AWS_SECRET_KEY", "secret-access-key", "secretKey"}
	joins := []string{"=", ": ", `": "`, " = ", `\": \"`, ">", "\n", " => '"}
	word := rapid.StringMatching(`[a-zA-Z:/ "{}\n.,=_-]{0,60}`)
	rapid.Check(t, func(t *rapid.T) {
		planted := secrets(rapid.IntRange(0, 1<<30).Draw(t, "secret"))
		before, after := word.Draw(t, "before"), rapid.SampledFrom([]string{"", "\"", " ", "\n", "<", "\\\"", ","}).Draw(t, "after")
		text := before + " " + rapid.SampledFrom(names).Draw(t, "name") + rapid.SampledFrom(joins).Draw(t, "join") + planted + after + word.Draw(t, "rest")
		if after == "" {
			text = text[:strings.Index(text, planted)+len(planted)]
		}
		shown := secret.Redact(text)
		assert.NotContains(t, shown, planted)
		assert.Equal(t, shown, secret.Redact(shown), "once is enough")
	})
}

func TestNoSecretSurvivesBesideItsID(t *testing.T) {
	const id = "AKIAIOSFODNN7EXAMPLE"
	joins := rapid.SampledFrom([]string{"/", "+", ":", ",", " ", "%2F", `\/`, "|"})
	rapid.Check(t, func(t *rapid.T) {
		planted := secrets(rapid.IntRange(0, 1<<30).Draw(t, "secret"))
		after := rapid.SampledFrom([]string{"", " ", "\n", ":", " is not authorized", "\""}).Draw(t, "after")
		shown := secret.Redact("User: " + id + joins.Draw(t, "join") + planted + after)
		assert.Contains(t, shown, id)
		assert.NotContains(t, shown, planted)
		assert.NotContains(t, secret.Redact(planted+rapid.SampledFrom([]string{"/", "+"}).Draw(t, "before")+id), planted)
	})
}

// What stands alone is told from names by statistics, so a few are missed.
func TestSecretsThatStandAlone(t *testing.T) {
	missed := 0
	const all = 20000
	for n := range all {
		if planted := secrets(n); secret.Redact(planted) == planted {
			missed++
		}
	}
	t.Logf("%d of %d missed", missed, all)
	assert.Less(t, missed, all/1000)
}

// What is a part of a name is told from words by statistics, too.
func TestSecretsInNames(t *testing.T) {
	missed := 0
	const all = 20000
	for n := range all {
		for _, text := range []string{"arn:aws:iam::111122223333:role/" + secrets(n), "aws_iam_role." + secrets(n) + ".policy", "stack-" + secrets(n) + "-1ABCDEF2"} {
			if strings.Contains(secret.Redact(text), secrets(n)) {
				missed++
			}
		}
	}
	t.Logf("%d of %d missed", missed, 3*all)
	assert.Less(t, missed, 3*all/100)
}

func TestAccessKeyIDs(t *testing.T) {
	assert.Equal(t, []secret.AccessKeyID{
		{ID: "AKIAIOSFODNN7EXAMPLE", Start: 3},
		{ID: "ASIAIOSFODNN7EXAMPLE", Start: 25, Temporary: true},
	}, secret.AccessKeyIDs("id AKIAIOSFODNN7EXAMPLE, ASIAIOSFODNN7EXAMPLE/20260101"))
	for sentence, text := range map[string]string{
		"too short":      "AKIAIOSFODNN7EXAMPL",
		"too long":       "AKIAIOSFODNN7EXAMPLES",
		"in a word":      "XAKIAIOSFODNN7EXAMPLE",
		"small letters":  "AKIAiosfodnn7example",
		"other prefixes": "AROAIOSFODNN7EXAMPLE",
	} {
		assert.Empty(t, secret.AccessKeyIDs(text), sentence)
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("aws_secret_access_key=" + example)
	f.Add(`{"SessionToken": "` + session)
	f.Add(example[:20] + `\/%2f\u002`)
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, found := range secret.Find(text) {
			assert.GreaterOrEqual(t, found.Start, last, "in order, apart")
			assert.Greater(t, found.End, found.Start)
			last = found.End
		}
		secret.Redact(text)
	})
}

func TestWhatIsTakenOutOfJSONLeavesJSON(t *testing.T) {
	part := rapid.StringOf(rapid.RuneFrom([]rune("\n\t\x00\x17\u2028\\\"/%u0aBz ")))
	rapid.Check(t, func(t *rapid.T) {
		key := secrets(rapid.IntRange(0, 1<<20).Draw(t, "secret"))
		from := rapid.IntRange(0, 6).Draw(t, "from") // what stands before it may complete it
		text, err := json.Marshal(part.Draw(t, "before") + key[from:] + part.Draw(t, "after"))
		require.NoError(t, err)
		assert.True(t, json.Valid([]byte(secret.Redact(string(text)))), "%s", text)
	})
}
