// Package challenge has independent clients read every challenge that the
// package normalize sends.
package challenge
