package anagrafica_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sportello-digitale/pratiche/pratica/anagrafica"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// caso is a text, the canonical form that it is read as, or the error.
type caso struct {
	scritto, letto string
	err            error
}

func verifica[T ~string](t *testing.T, campo string, leggi func(string) (T, error), casi []caso) {
	t.Helper()
	for _, c := range casi {
		v, err := leggi(c.scritto)
		require.Equal(t, c.letto, string(v), c.scritto)
		if c.err != nil {
			require.ErrorIs(t, err, c.err, c.scritto)
			verificaRiservo(t, err, c.scritto, campo)
			continue
		}
		require.NoError(t, err, c.scritto)
		riletto, err := leggi(string(v))
		require.NoError(t, err)
		require.Equal(t, v, riletto)
	}
}

func TestLeggiPartitaIVA(t *testing.T) {
	t.Parallel()
	verifica(t, anagrafica.CampoPartitaIVA, anagrafica.LeggiPartitaIVA, []caso{
		{"00743110157", "00743110157", nil},
		{"IT 007 4311 0157", "00743110157", nil},
		{"it00743110157", "00743110157", nil},
		{"00743110158", "", anagrafica.ErrPIVACifraControllo},
		{"00000000000", "", anagrafica.ErrPIVACifraControllo},
		{"0074311015", "", anagrafica.ErrPIVALunghezza},
		{"0074311015X", "", anagrafica.ErrPIVACarattere},
		{"", "", anagrafica.ErrPIVAVuota},
		{"IT", "", anagrafica.ErrPIVAVuota},
		{strings.Repeat("0", 200), "", anagrafica.ErrPIVALunghezza},
	})
	require.True(t, anagrafica.PartitaIVA("00743110157").Valido())
	require.False(t, anagrafica.PartitaIVA("IT00743110157").Valido())
}

func TestPartitaIVAUnaCifra(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(rapid.StringMatching(`[1-9][0-9]{9}`).Draw(t, "cifre"))
		buone := 0
		for c := byte('0'); c <= '9'; c++ {
			if anagrafica.PartitaIVA(append(b[:10:10], c)).Valido() {
				buone++
			}
		}
		require.Equal(t, 1, buone)
	})
}

func TestLeggiIBAN(t *testing.T) {
	t.Parallel()
	verifica(t, anagrafica.CampoIBAN, anagrafica.LeggiIBAN, []caso{
		{"IT60 X054 2811 1010 0000 0123 456", "IT60X0542811101000000123456", nil},
		{"it60x0542811101000000123456", "IT60X0542811101000000123456", nil},
		{"SM86U0322509800000000270100", "SM86U0322509800000000270100", nil},
		{"DE89370400440532013000", "DE89370400440532013000", nil},
		{"FR1420041010050500013M02606", "FR1420041010050500013M02606", nil},
		{"GB29NWBK60161331926819", "GB29NWBK60161331926819", nil},
		{"", "", anagrafica.ErrIBANVuoto},
		{"I", "", anagrafica.ErrIBANPaese},
		{"XX60X0542811101000000123456", "", anagrafica.ErrIBANPaese},
		{"IT60X054281110100000012345", "", anagrafica.ErrIBANLunghezza},
		{"IT60-X0542811101000000123456", "", anagrafica.ErrIBANCarattere},
		{"ITA0X0542811101000000123456", "", anagrafica.ErrIBANStruttura},
		{"IT6010542811101000000123456", "", anagrafica.ErrIBANStruttura},
		{"IT60X05428A1101000000123456", "", anagrafica.ErrIBANStruttura},
		{"IT61X0542811101000000123456", "", anagrafica.ErrIBANCifreControllo},
		{"IT60X0542811101000000123465", "", anagrafica.ErrIBANCifreControllo},
		{conCifreIBAN("IT", "Y0542811101000000123456"), "", anagrafica.ErrIBANCin},
		{strings.Repeat("I", 200), "", anagrafica.ErrIBANLunghezza},
	})
}

// conCifreIBAN makes the control digits of ISO 7064: 98 less the remainder by 97
// of the rearranged number, kept digit by digit as text.
func conCifreIBAN(paese, bban string) string {
	var cifre strings.Builder
	for _, c := range bban + paese + "00" {
		if c >= 'A' {
			fmt.Fprintf(&cifre, "%d", c-'A'+10)
		} else {
			cifre.WriteRune(c)
		}
	}
	r := 0
	for _, c := range cifre.String() {
		r = (10*r + int(c-'0')) % 97
	}
	return fmt.Sprintf("%s%02d%s", paese, 98-r, bban)
}

func TestIBANParti(t *testing.T) {
	t.Parallel()
	i := anagrafica.IBAN("IT60X0542811101000000123456")
	require.Equal(t, "IT", i.Paese())
	require.Equal(t, "05428", i.ABI())
	require.Equal(t, "11101", i.CAB())
	require.True(t, i.SEPA())
	require.False(t, i.Postale())
	require.Equal(t, "IT60 X054 2811 1010 0000 0123 456", i.Gruppi())

	posta := "0760103200000012345678"
	poste := anagrafica.IBAN(conCifreIBAN("IT", conControllo(posta)[22:]+posta))
	require.True(t, poste.Valido())
	require.True(t, poste.Postale())

	tedesco := anagrafica.IBAN("DE89370400440532013000")
	require.Empty(t, tedesco.ABI())
	require.Empty(t, tedesco.CAB())
	require.True(t, tedesco.SEPA())
	emirati := anagrafica.IBAN("AE070331234567890123456")
	require.True(t, emirati.Valido())
	require.False(t, emirati.SEPA())

	sbagliato := anagrafica.IBAN("IT61X0542811101000000123456")
	require.Empty(t, sbagliato.Paese())
	require.Empty(t, sbagliato.ABI())
	require.Empty(t, sbagliato.CAB())
	require.False(t, sbagliato.SEPA())
}

// TestIBANPaesi has one example of the ISO 13616 registry for each SEPA country.
func TestIBANPaesi(t *testing.T) {
	t.Parallel()
	esempi := strings.Fields(`AD1200012030200359100100 AL47212110090000000235698741 AT611904300234573201
		BE68539007547034 BG80BNBG96611020345678 CH9300762011623852957 CY17002001280000001200527600
		CZ6508000000192000145399 DE89370400440532013000 DK5000400440116243 EE382200221020145685
		ES9121000418450200051332 FI2112345600000785 FR1420041010050500013M02606 GB29NWBK60161331926819
		GI75NWBK000000007099453 GR1601101250000000012300695 HR1210010051863000160
		HU42117730161111101800000000 IE29AIBK93115212345678 IS140159260076545510730339
		IT60X0542811101000000123456 LI21088100002324013AA LT121000011101001000 LU280019400644750000
		LV80BANK0000435195001 MC5811222000010123456789030 MD24AG000225100013104168
		ME25505000012345678951 MK07250120000058984 MT84MALT011000012345MTLCAST001S
		NL91ABNA0417164300 NO9386011117947 PL61109010140000071219812874 PT50000201231234567890154
		RO49AAAA1B31007593840000 RS35260005601001611379 SE4550000000058398257466 SI56263300012039086
		SK3112000000198742637541 SM86U0322509800000000270100 VA59001123000012345678`)
	visti := map[string]bool{}
	for _, e := range esempi {
		i, err := anagrafica.LeggiIBAN(e)
		require.NoError(t, err, e)
		require.True(t, i.SEPA(), e)
		visti[i.Paese()] = true
	}
	require.Len(t, visti, 42, "the 41 countries, and Gibraltar")
}

// TestIBANCifreGemelle refuses the control digits that leave the same remainder
// as good ones, 97 apart: 99 for 02, 00 for 97, 01 for 98.
func TestIBANCifreGemelle(t *testing.T) {
	t.Parallel()
	gemelle := map[string]string{"02": "99", "97": "00", "98": "01"}
	viste := map[string]bool{}
	for k := range 400 {
		bban := fmt.Sprintf("%018d", k)
		buono := conCifreIBAN("DE", bban)
		require.True(t, anagrafica.IBAN(buono).Valido())
		if g, ok := gemelle[buono[2:4]]; ok {
			viste[g] = true
			_, err := anagrafica.LeggiIBAN("DE" + g + bban)
			require.ErrorIs(t, err, anagrafica.ErrIBANCifreControllo)
		}
	}
	require.Len(t, viste, 3)
}

func TestLeggiCAP(t *testing.T) {
	t.Parallel()
	verifica(t, anagrafica.CampoCAP, anagrafica.LeggiCAP, []caso{
		{" 00 184 ", "00184", nil},
		{"", "", anagrafica.ErrCAPVuoto},
		{"184", "", anagrafica.ErrCAPFormato},
		{"0018A", "", anagrafica.ErrCAPFormato},
		{"00000", "", anagrafica.ErrCAPFormato},
		{"001844", "", anagrafica.ErrCAPFormato},
		{strings.Repeat(" ", 200), "", anagrafica.ErrCAPFormato},
	})
}

func TestLeggiEmailPEC(t *testing.T) {
	t.Parallel()
	casi := func(vuoto, lungo, formato error) []caso {
		lungoLocale := strings.Repeat("a", 64)
		return []caso{
			{" Mario.Rossi+x@Esempio.IT\n", "Mario.Rossi+x@esempio.it", nil},
			{"o'neill_1@a-b.xn--p1ai", "o'neill_1@a-b.xn--p1ai", nil},
			{lungoLocale + "@esempio.it", lungoLocale + "@esempio.it", nil},
			{"a" + lungoLocale + "@esempio.it", "", lungo},
			{"a@" + strings.Repeat(lungoLocale[:60]+".", 5) + "it", "", lungo},
			{strings.Repeat(" ", 600), "", lungo},
			{"", "", vuoto},
			{" \u200b ", "", vuoto},
			{"esempio.it", "", formato},
			{"@esempio.it", "", formato},
			{"a@", "", formato},
			{"a@esempio", "", formato},
			{"a@b@esempio.it", "", formato},
			{"a..b@esempio.it", "", formato},
			{".a@esempio.it", "", formato},
			{"a b@esempio.it", "", formato},
			{`"a b"@esempio.it`, "", formato},
			{"Mario <a@esempio.it>", "", formato},
			{"à@esempio.it", "", formato},
			{"a@città.it", "", formato},
			{"a@-esempio.it", "", formato},
			{"a@esempio-.it", "", formato},
			{"a@esempio..it", "", formato},
			{"a@esempio.i", "", formato},
			{"a@10.0.0.10", "", formato},
			{"a@" + lungoLocale + ".it", "", formato},
			{"a@esempio.it\r\nBcc: b@esempio.it", "", formato},
		}
	}
	verifica(t, anagrafica.CampoEmail, anagrafica.LeggiEmail,
		casi(anagrafica.ErrEmailVuota, anagrafica.ErrEmailLunghezza, anagrafica.ErrEmailFormato))
	verifica(t, anagrafica.CampoPEC, anagrafica.LeggiPEC,
		casi(anagrafica.ErrPECVuota, anagrafica.ErrPECLunghezza, anagrafica.ErrPECFormato))
	require.False(t, anagrafica.Email("a@ESEMPIO.it").Valido())
	require.False(t, anagrafica.PEC("a@ESEMPIO.it").Valido())
}

func TestLeggiTelefono(t *testing.T) {
	t.Parallel()
	verifica(t, anagrafica.CampoTelefono, anagrafica.LeggiTelefono, []caso{
		{"06 1234-567", "061234567", nil},
		{"(+39) 333.123/4567", "+393331234567", nil},
		{"0039 333 1234567", "+393331234567", nil},
		{"1500", "1500", nil},
		{"", "", anagrafica.ErrTelefonoVuoto},
		{" - ", "", anagrafica.ErrTelefonoVuoto},
		{"123", "", anagrafica.ErrTelefonoFormato},
		{"1234567890123456", "", anagrafica.ErrTelefonoFormato},
		{"+0612345", "", anagrafica.ErrTelefonoFormato},
		{"000612345", "", anagrafica.ErrTelefonoFormato},
		{"333+1234567", "", anagrafica.ErrTelefonoFormato},
		{"casa", "", anagrafica.ErrTelefonoFormato},
		{strings.Repeat("1", 200), "", anagrafica.ErrTelefonoFormato},
	})
	require.False(t, anagrafica.Telefono("0039333").Valido())
}

func TestLeggiSessoBelfiore(t *testing.T) {
	t.Parallel()
	verifica(t, anagrafica.CampoSesso, anagrafica.LeggiSesso, []caso{
		{" m", "M", nil}, {"F", "F", nil},
		{"", "", anagrafica.ErrSessoValore}, {"X", "", anagrafica.ErrSessoValore},
		{strings.Repeat(" ", 200) + "M", "", anagrafica.ErrSessoValore},
	})
	require.Equal(t, "maschile", anagrafica.Maschile.Descrizione())
	require.Equal(t, "femminile", anagrafica.Femminile.Descrizione())
	require.Empty(t, anagrafica.Sesso("").Descrizione())
	verifica(t, anagrafica.CampoLuogoNascita, anagrafica.LeggiBelfiore, []caso{
		{" h 501", "H501", nil}, {"Z404", "Z404", nil}, {"Y999", "Y999", nil},
		{"", "", anagrafica.ErrBelfioreFormato}, {"H5O1", "", anagrafica.ErrBelfioreFormato},
		{"5501", "", anagrafica.ErrBelfioreFormato}, {"H5011", "", anagrafica.ErrBelfioreFormato},
		{strings.Repeat(" ", 200), "", anagrafica.ErrBelfioreFormato},
	})
	require.True(t, anagrafica.Belfiore("Z404").Estero())
	require.False(t, anagrafica.Belfiore("H501").Estero())
	require.Equal(t, "H501", anagrafica.Belfiore("H501").String())
}

func stabile[T ~string](f *testing.F, campo string, leggi func(string) (T, error), semi ...string) {
	for _, s := range semi {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := leggi(s)
		if err != nil {
			require.Empty(t, v)
			verificaRiservo(t, err, s, campo)
			return
		}
		riletto, err := leggi(string(v))
		require.NoError(t, err)
		require.Equal(t, v, riletto)
	})
}

func FuzzLeggiPartitaIVA(f *testing.F) {
	stabile(f, anagrafica.CampoPartitaIVA, anagrafica.LeggiPartitaIVA, "00743110157", "it 00743110157", "ITIT00743110157", "")
}

func FuzzLeggiIBAN(f *testing.F) {
	stabile(f, anagrafica.CampoIBAN, anagrafica.LeggiIBAN, "IT60X0542811101000000123456", "SM86 U032 2509 8000 0000 0270 100", "NO9386011117947", "I\xc5", "")
}

func FuzzLeggiCAP(f *testing.F) {
	stabile(f, anagrafica.CampoCAP, anagrafica.LeggiCAP, "00184", "0 0 1 8 4", "٠٠١٨٤", "")
}

func FuzzLeggiEmail(f *testing.F) {
	stabile(f, anagrafica.CampoEmail, anagrafica.LeggiEmail, "Mario@Esempio.IT", "a@b@c.it", "@.", "a@b.c\u0130", "")
}

func FuzzLeggiPEC(f *testing.F) {
	stabile(f, anagrafica.CampoPEC, anagrafica.LeggiPEC, "comune@pec.esempio.it", "a@-.it", "")
}

func FuzzLeggiTelefono(f *testing.F) {
	stabile(f, anagrafica.CampoTelefono, anagrafica.LeggiTelefono, "+39 06 123456", "0000", "00+391", "")
}

func FuzzLeggiBelfiore(f *testing.F) {
	stabile(f, anagrafica.CampoLuogoNascita, anagrafica.LeggiBelfiore, "H501", "z 404", "")
}

func FuzzLeggiSesso(f *testing.F) {
	stabile(f, anagrafica.CampoSesso, anagrafica.LeggiSesso, "M", "f ", "")
}
