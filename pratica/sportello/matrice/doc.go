// Package matrice holds no code, only the crash matrix (matrice dei crolli) of
// package sportello, which is a test: a worker process is killed at each step of
// each kind of effect, another takes over, and in the end nothing is lost and
// nothing was done twice.
//
//	go test -v -run TestMatriceDeiCrolli ./pratica/sportello/matrice
//
// prints it.
package matrice
