// Gotest runs `go test -json` with its arguments, shows what failed and a line
// for each package, and adds a line "pass|fail|skip package test" for each test
// to the file $RESULTS.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
)

type event struct{ Action, Package, ImportPath, Test, Output string }

func main() {
	log.SetFlags(0)
	results, err := os.OpenFile(os.Getenv("RESULTS"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		log.Fatal(err)
	}
	cmd := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	said := make(map[string]*strings.Builder) // by test, until it ends
	for scanner := bufio.NewReader(out); ; {
		line, err := scanner.ReadBytes('\n')
		if err != nil {
			break
		}
		var e event
		if json.Unmarshal(line, &e) != nil {
			fmt.Printf("%s", line) // not of a test: go itself complains
			continue
		}
		name := e.Package + e.ImportPath + " " + e.Test
		if said[name] == nil {
			said[name] = new(strings.Builder)
		}
		switch e.Action {
		case "output", "build-output":
			said[name].WriteString(e.Output)
		case "fail", "build-fail":
			fmt.Print(said[name])
		}
		switch e.Action {
		case "pass", "fail", "skip":
			if e.Test != "" {
				fmt.Fprintln(results, e.Action, name)
			} else if e.Action != "fail" {
				fmt.Printf("%-5s %s\n", e.Action, e.Package)
			}
			delete(said, name)
		}
	}
	if cmd.Wait() != nil {
		os.Exit(1)
	}
}
