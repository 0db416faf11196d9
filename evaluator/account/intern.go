package account

import (
	"encoding/binary"
	"strings"
	"sync"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/policy"
)

// An interner gives one set for the same policies, however many identities have
// them. A snapshot and all that were made of it with changes share one.
type interner struct {
	mutex     sync.Mutex
	numbers   map[*policy.Document]uint32
	sets      map[string]*evaluator.Set
	documents map[written]*policy.Document
}

// written is a document as somebody wrote it, under a name.
type written struct{ name, text string }

func newInterner() *interner {
	return &interner{
		numbers: make(map[*policy.Document]uint32), sets: make(map[string]*evaluator.Set),
		documents: make(map[written]*policy.Document),
	}
}

// set compiles policies, once.
func (n *interner) set(kind policy.Kind, list []policy.Attached) (*evaluator.Set, error) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	key := n.key(kind, list)
	if set, ok := n.sets[key]; ok {
		return set, nil
	}
	set, err := evaluator.Compile(kind, list...)
	if err != nil {
		return nil, err
	}
	n.sets[key] = set
	return set, nil
}

// key is the same for the same documents under the same names, and for no others.
func (n *interner) key(kind policy.Kind, list []policy.Attached) string {
	key := make([]byte, 0, 64*len(list)+1)
	key = append(key, byte(kind))
	for i := range list {
		a := &list[i]
		number, ok := n.numbers[a.Document]
		if !ok {
			number = uint32(len(n.numbers))
			n.numbers[a.Document] = number
		}
		key = binary.LittleEndian.AppendUint32(key, number)
		for _, text := range [...]string{a.Name, a.ARN, a.From} {
			key = binary.AppendUvarint(key, uint64(len(text)))
			key = append(key, text...)
		}
	}
	return string(key)
}

// document parses a text, once for each name.
func (n *interner) document(name, text string) (*policy.Document, error) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if d, ok := n.documents[written{name, text}]; ok {
		return d, nil
	}
	text = strings.Clone(text) // which may be a small part of a large file
	d, err := policy.ParseString(name, text)
	if err != nil {
		return nil, err
	}
	n.documents[written{name, text}] = d
	return d, nil
}
