// Package area is a source to plant mistakes in.
package area

const name = "area"

// Of a rectangle, counted row by row.
func Of(width, height int) int {
	area := 0
	for row := 0; row < height; row++ {
		area += width
	}
	return area
}

// Around it there is no test.
func Around(width, height int) int { return 2 * (width + height) }
