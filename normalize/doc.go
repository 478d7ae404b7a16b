// Package normalize turns whatever a legacy service sends on failure into one
// envelope, {"code","description"}, with a documented code and a challenge that
// clients can use (RFC 6750, RFC 9110).
//
// Data flows one way: decode, recognise, decide, phrase, render. Each step is a
// function from values to values; the package does no I/O, keeps no global
// state and knows no web server. [Normalizer] ties the steps together.
package normalize
