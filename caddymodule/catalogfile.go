package caddymodule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// maxCatalogFile bounds a catalogue file in bytes.
const maxCatalogFile = 1 << 20

// catalogFile holds the rows of a catalogue file, and the line of each.
type catalogFile struct {
	name    string
	entries []CatalogEntry
	lines   []int
}

// readCatalogFile reads a JSON array of catalogue rows. Errors name the file and
// the line.
func readCatalogFile(name string) (catalogFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return catalogFile{}, fmt.Errorf("opening catalogue: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxCatalogFile+1))
	if err != nil {
		return catalogFile{}, fmt.Errorf("reading catalogue: %w", err)
	}
	if len(data) > maxCatalogFile {
		return catalogFile{}, fmt.Errorf("reading catalogue: %s is larger than 1 MiB", name)
	}
	return parseCatalogFile(name, data)
}

func parseCatalogFile(name string, data []byte) (catalogFile, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	file := catalogFile{name: name}
	var rows []json.RawMessage
	if err := json.Unmarshal(data, &rows); err != nil {
		return catalogFile{}, fmt.Errorf("%s:%d: a catalogue is a JSON array of rows: %w", name, lineOf(data, errorOffset(err)), err)
	}
	offset := 0
	for _, row := range rows {
		// Between rows there are but white space and a comma: the first
		// occurrence is the row itself.
		offset += bytes.Index(data[offset:], row)
		line := lineOf(data, offset)

		var entry CatalogEntry
		decoder := json.NewDecoder(bytes.NewReader(row))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&entry); err != nil {
			return catalogFile{}, fmt.Errorf("%s:%d: a row has the members status (a number), code and description: %w", name, line, err)
		}
		file.entries = append(file.entries, entry)
		file.lines = append(file.lines, line)
		offset += len(row)
	}
	return file, nil
}

// errorOffset returns where in its input a JSON error lies.
func errorOffset(err error) int {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return int(syntax.Offset)
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return int(kind.Offset)
	}
	return 0
}

// lineOf returns the number of the line that holds the byte at offset.
func lineOf(data []byte, offset int) int {
	return 1 + bytes.Count(data[:min(offset, len(data))], []byte("\n"))
}

// addTo adds the rows to cfg's, behind and except those that cfg words itself.
func (f *catalogFile) addTo(cfg *normalize.Config) {
	inline := len(cfg.Catalog)
	for i := 0; i < len(f.entries); {
		entry := f.entries[i].entry()
		if slices.ContainsFunc(cfg.Catalog[:inline], func(e normalize.Entry) bool {
			return e.Status == entry.Status && e.Code == entry.Code
		}) {
			f.entries = slices.Delete(f.entries, i, i+1)
			f.lines = slices.Delete(f.lines, i, i+1)
			continue
		}
		cfg.Catalog = append(cfg.Catalog, entry)
		i++
	}
}

var catalogPath = regexp.MustCompile(`^catalog\[(\d+)\]`)

// locate turns an error about a row of f, which comes after inline rows of the
// configuration's own, into one with the file and the line.
func (f *catalogFile) locate(err error, inline int) error {
	config, ok := errors.AsType[*normalize.ConfigError](err)
	if !ok {
		return err
	}
	match := catalogPath.FindStringSubmatch(config.Path)
	if match == nil {
		return err
	}
	i, _ := strconv.Atoi(match[1])
	if i -= inline; i < 0 {
		return err
	}
	return fmt.Errorf("%s:%d: %s: %w", f.name, f.lines[i], f.entries[i].Code, config.Err)
}
