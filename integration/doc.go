// Package integration puts the built binary in front of real servers. It is a
// module of its own so that what only tests need stays out of the plugin's
// module graph.
package integration
