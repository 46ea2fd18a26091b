package rifinitura

import (
	"encoding/binary"
	"math"
)

// ProfiloSRGB generates a display profile of the sRGB space (IEC 61966-2-1) in
// the format ICC.1:2001-04 (version 2.4), the newest that PDF/A-1 admits. The
// primaries are adapted to the D50 white, the tone curve has 256 points.
func ProfiloSRGB() []byte {
	const punti = 256
	xyz := func(x, y, z float64) []byte {
		b := append([]byte("XYZ "), 0, 0, 0, 0)
		for _, v := range []float64{x, y, z} {
			b = binary.BigEndian.AppendUint32(b, uint32(math.Round(v*65536)))
		}
		return b
	}
	const nome = "sRGB IEC61966-2.1"
	desc := append([]byte("desc"), 0, 0, 0, 0)
	desc = binary.BigEndian.AppendUint32(desc, uint32(len(nome)+1))
	desc = append(desc, nome...)
	desc = append(desc, make([]byte, 1+4+4+2+1+67)...) // no Unicode nor Macintosh twin
	curva := append([]byte("curv"), 0, 0, 0, 0)
	curva = binary.BigEndian.AppendUint32(curva, punti)
	for i := range punti {
		c := float64(i) / (punti - 1)
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		curva = binary.BigEndian.AppendUint16(curva, uint16(math.Round(c*65535)))
	}
	tavole := []struct {
		firme []string
		dati  []byte
	}{
		{[]string{"desc"}, desc},
		{[]string{"cprt"}, append([]byte("text\x00\x00\x00\x00"), "Public domain\x00"...)},
		{[]string{"wtpt"}, xyz(0.9642, 1, 0.8249)},
		{[]string{"rXYZ"}, xyz(0.4360747, 0.2225045, 0.0139322)},
		{[]string{"gXYZ"}, xyz(0.3850649, 0.7168786, 0.0971045)},
		{[]string{"bXYZ"}, xyz(0.1430804, 0.0606169, 0.7141733)},
		{[]string{"rTRC", "gTRC", "bTRC"}, curva},
	}
	const quante = 9
	indice := binary.BigEndian.AppendUint32(nil, quante)
	var dati []byte
	base := 128 + 4 + 12*quante
	for _, t := range tavole {
		for _, f := range t.firme {
			indice = append(indice, f...)
			indice = binary.BigEndian.AppendUint32(indice, uint32(base+len(dati)))
			indice = binary.BigEndian.AppendUint32(indice, uint32(len(t.dati)))
		}
		dati = append(dati, t.dati...)
		for len(dati)%4 != 0 {
			dati = append(dati, 0)
		}
	}
	testa := make([]byte, 128)
	binary.BigEndian.PutUint32(testa[0:], uint32(base+len(dati)))
	binary.BigEndian.PutUint32(testa[8:], 0x02400000)
	copy(testa[12:], "mntrRGB XYZ ")
	for i, v := range []uint16{2026, 1, 1, 0, 0, 0} {
		binary.BigEndian.PutUint16(testa[24+2*i:], v)
	}
	copy(testa[36:], "acsp")
	copy(testa[68:], xyz(0.9642, 1, 0.8249)[8:])
	return append(append(testa, indice...), dati...)
}
