package anagrafica

// Messaggio is the Italian text of a code: what is wrong and what to do. It
// never repeats the value. An unknown code gets a general text.
func (c Codice) Messaggio() string {
	switch c {
	case ErrCFVuoto:
		return "Inserisca il codice fiscale."
	case ErrCFLunghezza:
		return "Il codice fiscale ha 16 caratteri, oppure 11 cifre se è provvisorio o di un ente: controlli di averlo scritto per intero."
	case ErrCFCarattere:
		return "Il codice fiscale contiene un carattere che non può stare in quella posizione: lo ricopi dalla tessera sanitaria."
	case ErrCFData:
		return "La data di nascita contenuta nel codice fiscale non esiste: lo ricopi dalla tessera sanitaria."
	case ErrCFCarattereControllo:
		return "Il codice fiscale contiene un errore di scrittura: l'ultimo carattere non corrisponde agli altri. Lo ricopi dalla tessera sanitaria."
	case ErrCFNumerico:
		return "Il codice fiscale di 11 cifre non contiene i dati di nascita: li inserisca a parte."
	case ErrPIVAVuota:
		return "Inserisca la partita IVA."
	case ErrPIVALunghezza:
		return "La partita IVA ha 11 cifre: controlli di averla scritta per intero."
	case ErrPIVACarattere:
		return "La partita IVA contiene soltanto cifre: tolga ogni altro carattere."
	case ErrPIVACifraControllo:
		return "La partita IVA contiene un errore di scrittura: controlli le cifre una per una."
	case ErrIBANVuoto:
		return "Inserisca l'IBAN."
	case ErrIBANCarattere:
		return "L'IBAN contiene soltanto lettere e cifre: tolga ogni altro carattere."
	case ErrIBANPaese:
		return "L'IBAN comincia con una sigla di Paese che non conosciamo: controlli i primi due caratteri (IT per l'Italia)."
	case ErrIBANLunghezza:
		return "L'IBAN non ha la lunghezza prevista per il suo Paese (27 caratteri per l'Italia): controlli di averlo scritto per intero."
	case ErrIBANStruttura:
		return "L'IBAN ha lettere al posto di cifre, o cifre al posto di lettere: lo ricopi da un estratto conto."
	case ErrIBANCifreControllo:
		return "L'IBAN contiene un errore di scrittura: lo ricopi da un estratto conto."
	case ErrIBANCin:
		return "L'IBAN contiene un errore di scrittura: il quinto carattere (CIN) non corrisponde al conto. Lo ricopi da un estratto conto."
	case ErrCAPVuoto:
		return "Inserisca il CAP."
	case ErrCAPFormato:
		return "Il CAP ha 5 cifre: lo controlli, per esempio 00184."
	case ErrEmailVuota:
		return "Inserisca l'indirizzo e-mail."
	case ErrEmailLunghezza:
		return "L'indirizzo e-mail è troppo lungo: può avere al massimo 254 caratteri, di cui 64 prima della chiocciola."
	case ErrEmailFormato:
		return "L'indirizzo e-mail non è scritto correttamente: usi la forma nome@esempio.it."
	case ErrPECVuota:
		return "Inserisca l'indirizzo PEC."
	case ErrPECLunghezza:
		return "L'indirizzo PEC è troppo lungo: può avere al massimo 254 caratteri, di cui 64 prima della chiocciola."
	case ErrPECFormato:
		return "L'indirizzo PEC non è scritto correttamente: usi la forma nome@pec.esempio.it."
	case ErrTelefonoVuoto:
		return "Inserisca il numero di telefono."
	case ErrTelefonoFormato:
		return "Il numero di telefono non è scritto correttamente: usi da 4 a 15 cifre, con + e prefisso internazionale se è estero."
	default:
		return c.messaggioPersona()
	}
}

func (c Codice) messaggioPersona() string {
	switch c {
	case ErrBelfioreFormato:
		return "Il codice catastale del luogo di nascita è una lettera seguita da tre cifre, per esempio H501: lo controlli."
	case ErrSessoValore:
		return "Indichi il sesso con M oppure F."
	case ErrProvinciaFormato:
		return "Indichi la provincia con la sigla di due lettere, per esempio RM."
	case ErrStatoFormato:
		return "Indichi lo Stato con la sigla di due lettere, per esempio IT."
	case ErrTestoLunghezza:
		return "Il testo è troppo lungo: lo abbrevi."
	case ErrTestoCarattere:
		return "Il testo contiene caratteri che non si possono stampare: lo riscriva."
	case ErrCognomeVuoto:
		return "Inserisca il cognome."
	case ErrCognomeLettere:
		return "Scriva il cognome in caratteri latini, come sul documento di identità."
	case ErrNomeVuoto:
		return "Inserisca il nome."
	case ErrNomeLettere:
		return "Scriva il nome in caratteri latini, come sul documento di identità."
	case ErrNascitaData:
		return "La data di nascita manca o non esiste: la scriva nella forma giorno/mese/anno."
	case ErrNascitaFutura:
		return "La data di nascita è nel futuro: la controlli."
	case ErrNascitaRemota:
		return "La data di nascita è troppo lontana: controlli l'anno."
	case ErrOggiMancante, ErrValidatoreMancante:
		return "Il controllo non è configurato: avvisi l'assistenza."
	case ErrCognomeDiscorde:
		return "Il cognome non corrisponde al codice fiscale: controlli entrambi."
	case ErrNomeDiscorde:
		return "Il nome non corrisponde al codice fiscale: controlli entrambi."
	case ErrNascitaDiscorde:
		return "La data di nascita non corrisponde al codice fiscale: controlli entrambi."
	case ErrSessoDiscorde:
		return "Il sesso non corrisponde al codice fiscale: controlli entrambi."
	case ErrLuogoDiscorde:
		return "Il luogo di nascita non corrisponde al codice fiscale: controlli entrambi."
	case ErrCodiceFiscaleDiscorde:
		return "Il codice fiscale è diverso da quello indicato per la persona: controlli entrambi."
	default:
		return "Il valore non è corretto: lo controlli."
	}
}
