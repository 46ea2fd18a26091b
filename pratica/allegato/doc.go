// Package allegato examines uploaded files (allegati) while they pass on their
// way to the archive: never whole in memory, no temporary file, no I/O of its own.
//
// New wraps the reader of an upload. Whoever reads it gets the bytes unchanged
// and, where the file is refused, a *Rifiuto in place of the rest or of io.EOF:
// an archive that reads to the end therefore keeps nothing of a refused file.
//
// What is looked at:
//   - the type, by content, against the types admitted and the extension of the name;
//   - size, and emptiness;
//   - ZIP and what is made of it (DOCX, XLSX, ODT, ASiC…): every entry is expanded
//     and measured, files inside are examined in turn, macros and names that leave
//     the folder are refused;
//   - PDF: every Flate stream is expanded and measured; encryption, scripts,
//     programs started and files inside are found; the end must be there;
//   - images (PNG, JPEG, GIF, TIFF, WebP): the pixels declared by the header;
//   - signed envelopes (.p7m: CMS signedData, RFC 5652) in DER, BER, base64, PEM:
//     what they enclose is examined as if it had come alone;
//   - plain text: no markup in its head, no binary data anywhere;
//   - OLE documents and RTF: macros and embedded objects, by their names.
//
// # What a stream cannot tell
//
// A ZIP is read from its front, most readers begin at its end. The two views are
// made to agree: local headers must follow each other without a gap from the
// first byte, the central directory must name exactly those entries with the
// same names, sizes, checksums and offsets, and nothing may follow it. Overlaps
// are so impossible. Refused, although some readers take them: gaps left by an
// update in place, data before or after the archive, methods other than stored
// and deflate, stored entries of unknown length, two entries of one name.
//
// A PDF is read in file order, without its cross-reference table: names are looked
// for in every byte, also inside streams and what they expand to, so that an object
// hidden where the table points is seen. The price is that the words of a PDF
// action written as text in an uncompressed string may be taken for it. LZW,
// RunLength and image filters are not expanded: two expanding filters of which one
// is unknown are refused, and images count by their declared pixels. What is
// encrypted cannot be looked at and is refused by default.
//
// A type that the host admits and that is none of these passes with the flag
// NonEsaminato. No signature is verified here and no virus is sought: VerificaFirma
// and Antivirus are the ports for it.
//
// # Cost
//
// Memory does not depend on the file: at most 1 MiB with the default limits
// (256 KiB of buffers and entry names, the rest inflate windows of nested
// formats); a PDF or a JPEG takes about 150 KiB. Time is proportional to the bytes read plus
// those expanded, which Limiti bounds by a multiple of the bytes read.
package allegato
