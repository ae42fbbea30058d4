package main

import (
	"context"
	_ "embed"
	"html/template"
	"io"
)

//go:embed page.html
var pageFile string

var pageTemplate = template.Must(template.New("page").Parse(pageFile))

func withHTML(_ context.Context, w io.Writer, p page) error { return pageTemplate.Execute(w, p) }
