package revisione

// Sources. WCAG is 2.1, which EN 301 549 makes binding on public bodies
// (L. 4/2004).
const (
	wcagScopo      = "WCAG 1.3.5"
	wcagLink       = "WCAG 2.4.4"
	wcagEtichette  = "WCAG 2.4.6"
	wcagIstruzioni = "WCAG 3.3.2"
	wcagAbbrevia   = "WCAG 3.1.4"
	wcagErrori     = "WCAG 3.3.3"
	linguaggio     = "Designers Italia, Guida al linguaggio della Pubblica Amministrazione"
	dpr445         = "DPR 445/2000, artt. 46, 47 e 76"
	gdprConsenso   = "Regolamento UE 2016/679, art. 7"
)

// controlli are the rules. It is a function because rules read one another's
// tables, and nothing here changes.
func controlli() []controllo {
	return []controllo{
		{Regola{"etichetta_lunga", Consiglio, "Etichette oltre 80 caratteri", wcagEtichette}, etichettaLunga},
		{Regola{"etichetta_doppia", Avviso, "La stessa etichetta due volte nella stessa sezione", wcagEtichette}, etichettaDoppia},
		{Regola{"etichetta_segni", Avviso, "Etichette che finiscono con due punti o asterisco", wcagIstruzioni}, etichettaSegni},
		{Regola{"etichetta_maiuscola", Avviso, "Testi tutti in maiuscolo", linguaggio}, etichettaMaiuscola},
		{Regola{"aiuto_mancante", Consiglio, "Codici e file senza una riga di aiuto", wcagIstruzioni}, aiutoMancante},
		{Regola{"numero_diverso", Errore, "Testi che dicono un numero di caratteri o parole diverso dal limite", wcagIstruzioni}, numeroDiverso},
		{Regola{"file_senza_tipi", Avviso, "File senza i tipi ammessi", wcagIstruzioni}, fileSenzaTipi},
		{Regola{"file_senza_dimensione", Avviso, "File senza dimensione massima", wcagIstruzioni}, fileSenzaDimensione},
		{Regola{"scelta_lunga", Consiglio, "Più di 15 opzioni", wcagEtichette}, sceltaLunga},
		{Regola{"scelta_unica", Errore, "Una sola opzione", ""}, sceltaUnica},
		{Regola{"condizione_impossibile", Errore, "Campi e sezioni che non si vedono mai", ""}, condizioneImpossibile},
		{Regola{"condizione_inutile", Consiglio, "Condizioni sempre vere", ""}, condizioneInutile},
		{Regola{"regola_costante", Errore, "Regole che scattano sempre o mai", wcagErrori}, regolaCostante},
		{Regola{"campo_inutile", Consiglio, "Sì/no calcolati che nessuno usa", ""}, campoInutile},
		{Regola{"autocompletamento_mancante", Avviso, "Dati di chi compila senza completamento automatico", wcagScopo}, autocompletamentoMancante},
		{Regola{"autocompletamento_altrui", Errore, "Completamento automatico sui dati di altre persone", wcagScopo}, autocompletamentoAltrui},
		{Regola{"autocompletamento_ignoto", Errore, "Valori che l'attributo autocomplete non ha", wcagScopo}, autocompletamentoIgnoto},
		{Regola{"nascita_senza_massimo", Avviso, "Date di nascita che ammettono il futuro", wcagErrori}, nascitaSenzaMassimo},
		{Regola{"importo_senza_massimo", Consiglio, "Importi senza massimo", wcagErrori}, importoSenzaMassimo},
		{Regola{"sezione_lunga", Consiglio, "Sezioni con più di 15 campi", ""}, sezioneLunga},
		{Regola{"dichiarazione_senza_norma", Consiglio, "Dichiarazioni senza la norma", dpr445}, dichiarazioneSenzaNorma},
		{Regola{"dichiarazione_senza_versione", Consiglio, "Dichiarazioni e consensi senza la versione del testo", gdprConsenso}, dichiarazioneSenzaVersione},
		{Regola{"abbreviazione", Consiglio, "Abbreviazioni d'ufficio", wcagAbbrevia}, abbreviazione},
		{Regola{"clicca_qui", Avviso, "«Clicca qui»", wcagLink}, cliccaQui},
		{Regola{"spazi_doppi", Consiglio, "Spazi doppi", ""}, spaziDoppi},
		{Regola{"accento", Avviso, "Accenti scritti con l'apostrofo o sbagliati", linguaggio}, accento},
	}
}
