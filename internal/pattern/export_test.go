package pattern

// Steps matches like Match, always with the automaton, and counts its steps.
func (p *Pattern) Steps(text string) (matched bool, steps int) {
	z := tokenizer{}
	return (&automaton{tokens: z.text(nil, p.source)}).run(text)
}
