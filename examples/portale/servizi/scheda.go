package servizi

// Scheda is what the page of a service tells beside its configuration.
type Scheda struct {
	Categoria string
	PerChi    string
	Serve     []string // what the applicant needs
	Ottieni   string
	Costi     string
	Contatto  string
}

// Schede gives the page of each service, by its id.
func Schede() map[string]Scheda {
	return map[string]Scheda{
		IscrizioneNido: {
			Categoria: "Educazione e formazione",
			PerChi:    "Genitori e tutori di bambine e bambini fino a tre anni.",
			Serve:     []string{"SPID o CIE", "Il documento di identità, in PDF o fotografia", "I codici fiscali dei bambini", "L'attestazione ISEE, se vuoi una retta ridotta"},
			Ottieni:   "Il posto nella graduatoria dei nidi comunali.",
			Costi:     "Presentare la richiesta è gratuito. La retta dipende dall'ISEE.",
			Contatto:  "Ufficio Servizi educativi",
		},
		OccupazioneSuolo: {
			Categoria: "Autorizzazioni",
			PerChi:    "Cittadini, imprese e associazioni.",
			Serve:     []string{"SPID o CIE", "La planimetria dell'area", "Una marca da bollo da 16 euro, salvo esenzione, e un'altra al rilascio"},
			Ottieni:   "La concessione per occupare lo spazio nei giorni indicati.",
			Costi:     "Il canone secondo superficie e giorni, da pagare subito; 30 euro di diritti al rilascio; due marche da bollo da 16 euro.",
			Contatto:  "Ufficio Suolo pubblico",
		},
		CartaIdentita: {
			Categoria: "Anagrafe e stato civile",
			PerChi:    "Chi risiede nel Comune.",
			Serve:     []string{"SPID o CIE", "La carta precedente o la denuncia di smarrimento", "Una fototessera, da portare allo sportello"},
			Ottieni:   "L'appuntamento allo sportello, dove si fa la carta.",
			Costi:     "Prenotare è gratuito. La carta si paga allo sportello.",
			Contatto:  "Sportello Anagrafe",
		},
		Segnalazione: {
			Categoria: "Ambiente e territorio",
			PerChi:    "Tutti, anche senza identificarsi.",
			Serve:     []string{"Il luogo del problema", "Una fotografia, se puoi"},
			Ottieni:   "La segnalazione arriva all'ufficio competente.",
			Costi:     "È gratuito.",
			Contatto:  "Ufficio Relazioni con il Pubblico",
		},
		CentriEstivi: {
			Categoria: "Educazione e formazione",
			PerChi:    "Genitori e tutori di bambine e bambini dai 3 ai 14 anni.",
			Serve:     []string{"SPID o CIE", "La ricevuta di iscrizione al centro, in PDF o fotografia", "L'IBAN su cui ricevere il contributo", "L'attestazione ISEE, se ce l'hai"},
			Ottieni:   "Un contributo per ogni settimana di frequenza.",
			Costi:     "Presentare la richiesta è gratuito.",
			Contatto:  "Ufficio Servizi educativi",
		},
	}
}
