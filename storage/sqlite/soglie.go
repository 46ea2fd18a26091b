package sqlite

// soglie are the numbers at which a list is read another way. None of them
// changes what a list gives.
type soglie struct {
	parti    int   // intervals that one statement merges
	incroci  int   // intervals of services with states: more are read by one of the two
	periodi  int64 // periods of days that are read one by one
	contate  int   // rows counted to find which of two ways is shorter
	raccolte int   // rows that a search of text collects: more are met, as a rule, by walking the list itself
	percorse int   // rows of that walk: words may be frequent, but far away
	espanse  int   // words that a long beginning stands for; one that has more is a code, of which each is rare
}

func soglieUsuali() soglie {
	return soglie{parti: 32, incroci: 128, periodi: 64, contate: 3000, raccolte: 4000, percorse: 10_000, espanse: 64}
}
