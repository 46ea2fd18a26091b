package lingua

// The fixed texts of pages and fragments.
const (
	Avanti             Chiave = "avanti"
	Indietro           Chiave = "indietro"
	SalvaRichiesta     Chiave = "salva_richiesta"
	TornaRiepilogo     Chiave = "torna_riepilogo"
	ConfermaInvia      Chiave = "conferma_invia"
	Errore             Chiave = "errore" // "Errore: Dati del richiedente", in the title of a page
	Passo              Chiave = "passo"  // {0} of {1}
	Obbligatori        Chiave = "obbligatori"
	Obbligatorio       Chiave = "obbligatorio"
	Si                 Chiave = "si"
	No                 Chiave = "no"
	ScegliOpzione      Chiave = "scegli_opzione"
	Giorno             Chiave = "giorno"
	Mese               Chiave = "mese"
	Anno               Chiave = "anno"
	AiutoData          Chiave = "aiuto_data"
	AiutoOra           Chiave = "aiuto_ora"
	AiutoDecimale      Chiave = "aiuto_decimale"
	AiutoImporto       Chiave = "aiuto_importo"
	AiutoCalcolo       Chiave = "aiuto_calcolo"
	Verificato         Chiave = "verificato"
	SoloRiaperti       Chiave = "solo_riaperti"
	Carica             Chiave = "carica"
	Elimina            Chiave = "elimina"
	EliminaFile        Chiave = "elimina_file" // after Elimina, hidden; {0} the name
	FileCaricato       Chiave = "file_caricato"
	FileErrore         Chiave = "file_errore"
	FilePerso          Chiave = "file_perso"
	FilePersoAiuto     Chiave = "file_perso_aiuto"
	FileTipi           Chiave = "file_tipi"  // {0} "PDF, JPEG"
	FilePeso           Chiave = "file_peso"  // {0} "5 MB"
	TipoTesto          Chiave = "tipo_testo" // of a file of plain text
	Aggiungi           Chiave = "aggiungi"   // {0} the name of a row
	Rimuovi            Chiave = "rimuovi"    // {0} the name of a row, {1} its number
	Riga               Chiave = "riga"       // {0} the name, {1} of {2}
	Completato         Chiave = "completato"
	PassoAttuale       Chiave = "passo_attuale"
	Modifica           Chiave = "modifica"
	ModificaSezione    Chiave = "modifica_sezione" // after Modifica, hidden; {0} the title
	AvvisoRiepilogo    Chiave = "avviso_riepilogo"
	NessunaRisposta    Chiave = "nessuna_risposta"
	DaCompilare        Chiave = "da_compilare"
	InCorso            Chiave = "in_corso"
	Completata         Chiave = "completata"
	NonDisponibile     Chiave = "non_disponibile"
	RichiestaUfficio   Chiave = "richiesta_ufficio"
	EntroIl            Chiave = "entro_il" // {0} a day
	Modificato         Chiave = "modificato"
	ModificatoIl       Chiave = "modificato_il" // {0} a day
	Aggiunto           Chiave = "aggiunto"
	AggiuntoIl         Chiave = "aggiunto_il"
	Tolto              Chiave = "tolto"
	ToltoIl            Chiave = "tolto_il"
	Prima              Chiave = "prima" // before the earlier answer
	ApreDocumento      Chiave = "apre_documento"
	NessunAppuntamento Chiave = "nessun_appuntamento"
	NessunBollo        Chiave = "nessun_bollo"
	ScegliAppuntamento Chiave = "scegli_appuntamento"
	ScegliBollo        Chiave = "scegli_bollo"
	DipendeDa          Chiave = "dipende_da" // {0} the label of the field to answer first
	AggiornaElenco     Chiave = "aggiorna_elenco"
	AggiornaElencoVoce Chiave = "aggiorna_elenco_voce" // after AggiornaElenco, hidden; {0} the label
	FormatoURL         Chiave = "formato_url"
)

// The messages of the errors, by code and type of field.
const (
	MancaTesto          Chiave = "manca_testo"
	MancaSiNo           Chiave = "manca_si_no"
	MancaScelta         Chiave = "manca_scelta"
	MancaMultipla       Chiave = "manca_multipla"
	MancaData           Chiave = "manca_data"
	MancaOra            Chiave = "manca_ora"
	MancaFile           Chiave = "manca_file"
	MancaConsenso       Chiave = "manca_consenso"
	AppuntamentoAssente Chiave = "appuntamento_assente"
	BolloAssente        Chiave = "bollo_assente"
	Doppio              Chiave = "doppio"
	MancaDichiarazione  Chiave = "manca_dichiarazione"
	FormatoIntero       Chiave = "formato_intero"
	FormatoDecimale     Chiave = "formato_decimale"
	FormatoImporto      Chiave = "formato_importo"
	FormatoData         Chiave = "formato_data"
	FormatoOra          Chiave = "formato_ora"
	FormatoEmail        Chiave = "formato_email"
	FormatoPEC          Chiave = "formato_pec"
	FormatoTelefono     Chiave = "formato_telefono"
	FormatoCF           Chiave = "formato_cf"
	FormatoPIVA         Chiave = "formato_piva"
	FormatoIBAN         Chiave = "formato_iban"
	FormatoCAP          Chiave = "formato_cap"
	FormatoTesto        Chiave = "formato_testo"
	Ambiguo             Chiave = "ambiguo"
	SenzaDecimali       Chiave = "senza_decimali"
	TroppeCifre         Chiave = "troppe_cifre"
	OpzioneIgnota       Chiave = "opzione_ignota"
	TestoLungo          Chiave = "testo_lungo"
	MinimoNumero        Chiave = "minimo_numero"
	MassimoNumero       Chiave = "massimo_numero"
	MinimoData          Chiave = "minimo_data"
	MassimoData         Chiave = "massimo_data"
	MinimoOra           Chiave = "minimo_ora"
	MassimoOra          Chiave = "massimo_ora"
	FileAssente         Chiave = "file_assente"
	FileTipo            Chiave = "file_tipo"
	FileGrande          Chiave = "file_grande"
	FileDoppio          Chiave = "file_doppio"
	RigheTra            Chiave = "righe_tra"
	ScelteTra           Chiave = "scelte_tra"
	Calcolo             Chiave = "calcolo"
	TroppoGrande        Chiave = "troppo_grande"
)

// The texts that count, for Conta.
const (
	ErroriDaCorreggere Chiave = "errori_da_correggere"
	AlMassimoCaratteri Chiave = "al_massimo_caratteri"
	AlMassimoFile      Chiave = "al_massimo_file"
	MassimoCaratteri   Chiave = "massimo_caratteri"
	MinimoCaratteri    Chiave = "minimo_caratteri"
	MassimoDecimali    Chiave = "massimo_decimali"
	MinimoScelte       Chiave = "minimo_scelte"
	MassimoScelte      Chiave = "massimo_scelte"
	MinimoRighe        Chiave = "minimo_righe"
	ServonoRighe       Chiave = "servono_righe"
	TroppiFile         Chiave = "troppi_file"
	CompitiFatti       Chiave = "compiti_fatti"
	CompitiInTutto     Chiave = "compiti_in_tutto"
)
