//go:build !linux

package octostore

var systemNow = newWallAided(systemTimers, wallNow).now
