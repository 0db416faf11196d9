package planned

// Given is what people say of what templates and plans leave open. The zero Given
// says nothing.
type Given struct {
	// Account and Region are those in which all is to be made, Stack is the name of
	// the stack.
	Account, Region, Stack string
	// Parameters of templates, by name.
	Parameters map[string]string
	// Imports are the values that other stacks export, by the name of the export.
	Imports map[string]string
	// Values of holes, by their origin.
	Values map[string]string
}
