package main

import (
	"bytes"
	"fmt"
	"math"
)

// Sizes of the plot in pixels: panels of one size, three a row.
const (
	panelWidth, panelHeight = 320, 260
	marginLeft, marginRight = 58, 14
	marginTop, marginBottom = 30, 42
	panelsPerRow            = 3
	legendHeight            = 34
)

// inks are the colours and marks of the lines, told apart without colour too.
var inks = map[string]struct{ colour, dash, mark string }{
	iamsimStrings:  {"#0b6e4f", "", "circle"},
	iamsimPrepared: {"#2a9d8f", "5 3", "circle"},
	cedar:          {"#b5541c", "", "square"},
	minio:          {"#6a4c93", "2 3", "square"},
}

// plot draws the panels as one SVG, both axes logarithmic, the same times on
// each so that panels compare.
func plot(panels []panel) []byte {
	low, high := decades(panels)
	rows := (len(panels) + panelsPerRow - 1) / panelsPerRow
	width, height := panelsPerRow*panelWidth, rows*panelHeight+legendHeight
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="11" fill="#222">`+"\n",
		width, height, width, height)
	b.WriteString("<title>Time of a decision as the work grows</title>\n")
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	legend(&b)
	for i := range panels {
		x, y := i%panelsPerRow*panelWidth, i/panelsPerRow*panelHeight+legendHeight
		fmt.Fprintf(&b, `<g transform="translate(%d %d)">`+"\n", x, y)
		panels[i].draw(&b, low, high)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// decades are the powers of ten below and above all times.
func decades(panels []panel) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range panels {
		for _, l := range p.lines {
			for _, at := range l.points {
				low, high = min(low, math.Floor(math.Log10(at.y))), max(high, math.Ceil(math.Log10(at.y)))
			}
		}
	}
	return low, max(high, low+1)
}

func legend(b *bytes.Buffer) {
	for i, name := range []string{iamsimStrings, iamsimPrepared, cedar, minio} {
		x := marginLeft + i*200
		stroke(b, name, fmt.Sprintf("M%d 18h30", x))
		dot(b, name, float64(x+15), 18)
		fmt.Fprintf(b, `<text x="%d" y="22">%s</text>`+"\n", x+38, name)
	}
}

func (p *panel) draw(b *bytes.Buffer, low, high float64) {
	left, right := math.Inf(1), math.Inf(-1)
	for _, l := range p.lines {
		for _, at := range l.points {
			left, right = min(left, math.Log10(at.x)), max(right, math.Log10(at.x))
		}
	}
	right = max(right, left+0.1)
	placeX := func(x float64) float64 {
		return marginLeft + (math.Log10(x)-left)/(right-left)*(panelWidth-marginLeft-marginRight)
	}
	placeY := func(y float64) float64 {
		return panelHeight - marginBottom - (math.Log10(y)-low)/(high-low)*(panelHeight-marginTop-marginBottom)
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" font-weight="bold">%s</text>`+"\n", marginLeft, marginTop-10, p.title)
	for e := low; e <= high; e++ {
		y := placeY(math.Pow(10, e))
		fmt.Fprintf(b, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			marginLeft, y, panelWidth-marginRight, marginLeft-6, y+4, power(e))
	}
	for _, at := range ticks(left, right) {
		x := placeX(at)
		fmt.Fprintf(b, `<path d="M%.1f %dV%d" stroke="#ddd"/><text x="%.1f" y="%d" text-anchor="middle">%.0f</text>`+"\n",
			x, marginTop, panelHeight-marginBottom, x, panelHeight-marginBottom+16, at)
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end" fill="#666">%s</text>`+"\n", panelWidth-marginRight, panelHeight-marginBottom+32, p.unit)
	for _, l := range p.lines {
		var path bytes.Buffer
		for i, at := range l.points {
			command := 'L'
			if i == 0 {
				command = 'M'
			}
			fmt.Fprintf(&path, "%c%.1f %.1f", command, placeX(at.x), placeY(at.y))
		}
		stroke(b, l.engine, path.String())
		for _, at := range l.points {
			dot(b, l.engine, placeX(at.x), placeY(at.y))
		}
	}
}

// ticks are the ends of an axis and the powers of ten between them, the ends
// given as logarithms.
func ticks(left, right float64) []float64 {
	list := []float64{math.Pow(10, left)}
	for e := math.Floor(left) + 1; e < right; e++ {
		list = append(list, math.Pow(10, e))
	}
	return append(list, math.Pow(10, right))
}

// power labels a decade of nanoseconds: "100 ns".
func power(e float64) string {
	units := [...]string{"ns", "µs", "ms", "s"}
	i := min(max(int(e)/3, 0), len(units)-1)
	return fmt.Sprintf("%g %s", math.Pow(10, e-float64(3*i)), units[i])
}

func stroke(b *bytes.Buffer, engine, path string) {
	ink := inks[engine]
	fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="1.8"`, path, ink.colour)
	if ink.dash != "" {
		fmt.Fprintf(b, ` stroke-dasharray="%s"`, ink.dash)
	}
	b.WriteString("/>\n")
}

func dot(b *bytes.Buffer, engine string, x, y float64) {
	ink := inks[engine]
	if ink.mark == "circle" {
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="2.6" fill="%s"/>`+"\n", x, y, ink.colour)
		return
	}
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="5" height="5" fill="%s"/>`+"\n", x-2.5, y-2.5, ink.colour)
}
