package documento

// Default texts on the rule on which each kind of act rests. A service replaces
// them through Atto.Norma. L. 241/1990 is the law on administrative procedure,
// d.lgs. 82/2005 the code of digital administration, DPR 445/2000 the decree on
// administrative documents and declarations.
const (
	NormaIstanza = "Istanza presentata per via telematica ai sensi dell’art. 65 del d.lgs. 7 marzo 2005, n. 82 " +
		"(Codice dell’amministrazione digitale) e dell’art. 38 del d.P.R. 28 dicembre 2000, n. 445.\n" +
		"Le dichiarazioni sostitutive contenute nell’istanza sono rese ai sensi degli artt. 46 e 47 del d.P.R. 445/2000; chi rilascia " +
		"dichiarazioni mendaci è punito ai sensi dell’art. 76 e decade dai benefici conseguiti ai sensi dell’art. 75 dello stesso decreto."

	NormaRichiestaIntegrazione = "Richiesta formulata ai sensi dell’art. 6, comma 1, lettera b), della legge 7 agosto 1990, n. 241.\n" +
		"I termini del procedimento possono essere sospesi per una sola volta e per un periodo non superiore a trenta giorni, " +
		"ai sensi dell’art. 2, comma 7, della stessa legge."

	NormaIntegrazione = "Integrazione presentata per via telematica ai sensi dell’art. 65 del d.lgs. 7 marzo 2005, n. 82 " +
		"(Codice dell’amministrazione digitale), in risposta alla richiesta formulata ai sensi dell’art. 6 della legge 7 agosto 1990, n. 241."

	NormaPreavvisoRigetto = "Comunicazione resa ai sensi dell’art. 10-bis della legge 7 agosto 1990, n. 241.\n" +
		"La comunicazione sospende i termini di conclusione del procedimento, che ricominciano a decorrere dieci giorni dopo la presentazione " +
		"delle osservazioni o, in mancanza, dalla scadenza del termine per presentarle. Dell’eventuale mancato accoglimento delle osservazioni " +
		"è data ragione nella motivazione del provvedimento finale."

	NormaOsservazioni = "Osservazioni presentate ai sensi dell’art. 10-bis della legge 7 agosto 1990, n. 241."

	NormaEsito = "Provvedimento adottato ai sensi degli artt. 2 e 3 della legge 7 agosto 1990, n. 241."

	NormaRitiro = "Rinuncia comunicata per via telematica ai sensi dell’art. 65 del d.lgs. 7 marzo 2005, n. 82 " +
		"(Codice dell’amministrazione digitale). Il procedimento di cui alla legge 7 agosto 1990, n. 241 si conclude senza decisione sull’istanza."

	NormaAnnullamento = "Comunicazione resa ai sensi degli artt. 2 e 3 della legge 7 agosto 1990, n. 241."

	NormaRicevuta = "Ricevuta rilasciata ai sensi dell’art. 18-bis della legge 7 agosto 1990, n. 241."

	// NormaAvvio is added to a receipt that holds what art. 8 asks for.
	NormaAvvio = "La presente ricevuta contiene le informazioni di cui all’art. 8 della legge 241/1990 e costituisce comunicazione di avvio " +
		"del procedimento ai sensi dell’art. 7 della stessa legge."

	// Ricorso says how to appeal (L. 241/1990, art. 3, comma 4): 60 days to the
	// regional administrative court (d.lgs. 104/2010, art. 29), 120 days to the
	// President of the Republic (DPR 1199/1971, art. 9).
	Ricorso = "Avverso il presente provvedimento è possibile proporre ricorso al Tribunale amministrativo regionale (TAR) competente " +
		"entro 60 giorni dalla comunicazione o dalla piena conoscenza dell’atto, ai sensi dell’art. 29 del d.lgs. 2 luglio 2010, n. 104, oppure, in " +
		"alternativa, ricorso straordinario al Presidente della Repubblica entro 120 giorni, ai sensi dell’art. 9 del d.P.R. 24 novembre 1971, n. 1199."
)
