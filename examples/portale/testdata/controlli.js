// What axe does not see, asked of the page as it is laid out. The value is a
// list of faults in words; an empty one is a page in order.
(() => {
  const guasti = [];
  const nome = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') +
    (e.name ? '[name=' + e.name + ']' : '') + (e.className ? '.' + String(e.className).trim().replace(/\s+/g, '.') : '');
  const dice = (regola, e, dettaglio) => guasti.push(regola + ' | ' + (e ? nome(e) : 'pagina') + (dettaglio ? ' | ' + dettaglio : ''));
  const tutti = (q, e = document) => [...e.querySelectorAll(q)];
  const parole = s => (s || '').replace(/\s+/g, ' ').trim();
  const mostrato = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0;
  // Read aloud and not seen: cut to a point, itself or with what holds it.
  const punto = new Map();
  const ritagliato = e => {
    if (!e || e === document.body) return false;
    if (!punto.has(e)) {
      const s = getComputedStyle(e);
      punto.set(e, s.clipPath === 'inset(50%)' || s.clip.startsWith('rect(') || (s.position === 'absolute' && s.overflowX === 'hidden' && e.offsetWidth <= 1) || ritagliato(e.parentElement));
    }
    return punto.get(e);
  };
  const sovrapposti = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;

  // The document.
  if (document.documentElement.lang !== 'it') dice('lingua', document.documentElement, document.documentElement.lang);
  if (tutti('h1').length !== 1) dice('un solo h1', null, tutti('h1').length + ' h1');
  if (!parole(document.title)) dice('titolo', null, 'vuoto');
  const riassunto = document.querySelector('.alert-danger[autofocus]');
  if (!!riassunto !== document.title.startsWith('Errore: ')) dice('titolo degli errori', riassunto, document.title);
  const ids = new Map();
  for (const e of tutti('[id]')) ids.set(e.id, (ids.get(e.id) || 0) + 1);
  for (const [id, n] of ids) if (n > 1) dice('id ripetuto', null, id);
  for (const a of ['aria-describedby', 'aria-labelledby', 'aria-controls', 'for'])
    for (const e of tutti('[' + a + ']'))
      for (const id of e.getAttribute(a).split(/\s+/))
        if (!document.getElementById(id)) dice('riferimento senza oggetto', e, a + '=' + id);
  if (document.documentElement.scrollWidth > window.innerWidth) {
    const largo = tutti('body *').filter(e => mostrato(e) && !ritagliato(e) && e.getBoundingClientRect().right > window.innerWidth + 1).pop();
    dice('scorre di lato', largo, document.documentElement.scrollWidth + ' su ' + window.innerWidth + ' px');
  }

  // Controls and labels.
  const testuali = 'input:not([type=hidden], [type=checkbox], [type=radio], [type=submit], [type=button]), select, textarea';
  const rettangoli = e => {
    const r = document.createRange();
    r.selectNodeContents(e);
    return [...r.getClientRects()].filter(x => x.width > 1 && x.height > 1);
  };
  const etichette = tutti('label, legend').filter(e => mostrato(e) && !ritagliato(e));
  for (const c of tutti('input:not([type=hidden]), select, textarea').filter(mostrato)) {
    const suoi = [...(c.labels || [])].filter(l => mostrato(l) && !ritagliato(l) && rettangoli(l).length && parole(l.textContent));
    if (!suoi.length) dice('etichetta visibile', c);
    if (c.tagName === 'INPUT' && !c.hasAttribute('type')) dice('tipo del campo', c);
    if ((c.type === 'radio' || c.type === 'checkbox')) {
      const r = suoi[0] && suoi[0].getBoundingClientRect();
      if (r && (r.width < 24 || r.height < 24)) dice('bersaglio sotto 24 px', c, Math.round(r.width) + '×' + Math.round(r.height));
    }
  }
  for (const c of tutti('button, summary, .btn, .page-link, .nav-link, ' + testuali).filter(e => mostrato(e) && !ritagliato(e))) {
    const r = c.getBoundingClientRect();
    if (r.width < 24 || r.height < 24) dice('bersaglio sotto 24 px', c, Math.round(r.width) + '×' + Math.round(r.height));
  }
  for (const l of etichette)
    for (const c of tutti(testuali).filter(mostrato))
      for (const r of rettangoli(l))
        if (sovrapposti(r, c.getBoundingClientRect())) { dice('etichetta sopra un campo', l, nome(c)); break; }
  for (const c of tutti('[required]').filter(e => mostrato(e) && e.type !== 'radio')) {
    const dove = c.labels[0] && /\*|obbligatori/.test(c.labels[0].textContent) || c.closest('fieldset') && /\*/.test(c.closest('fieldset').querySelector('legend')?.textContent || '');
    if (!dove) dice('obbligatorio non detto', c);
  }

  if (etichette.some(l => /\*/.test(l.textContent)) && !/simbolo asterisco sono obbligatori|Sternchen|zvezdico|astérisque|asterisk/.test(document.querySelector('main').textContent)) dice('asterisco non spiegato', null);

  // No text over another, none cut.
  const scritte = [];
  const passo = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = passo.nextNode());) {
    const e = n.parentElement;
    if (!parole(n.data) || !mostrato(e) || ritagliato(e) || e.closest('option, textarea, script, style')) continue;
    const r = document.createRange();
    r.selectNodeContents(n);
    for (const x of r.getClientRects())
      if (x.width > 1 && x.height > 1)
        scritte.push({e, t: parole(n.data).slice(0, 40), left: x.left, right: x.right, top: x.top + x.height * 0.2, bottom: x.bottom - x.height * 0.2});
  }
  const detti = new Set();
  for (let i = 0; i < scritte.length; i++)
    for (let j = i + 1; j < scritte.length; j++)
      if (scritte[i].e !== scritte[j].e && sovrapposti(scritte[i], scritte[j])) {
        const d = '«' + scritte[i].t + '» e «' + scritte[j].t + '»';
        if (!detti.has(d)) { detti.add(d); dice('testo sopra testo', scritte[i].e, d); }
      }
  for (const e of tutti('body *').filter(x => mostrato(x) && !ritagliato(x) && !x.matches(testuali))) {
    const s = getComputedStyle(e);
    if ((s.overflowX === 'hidden' || s.overflowX === 'clip') && e.scrollWidth > e.clientWidth + 1 && parole(e.textContent)) dice('testo tagliato', e, e.scrollWidth + ' su ' + e.clientWidth + ' px');
  }
  for (const e of tutti('select').filter(mostrato)) {
    const s = getComputedStyle(e);
    if (parseFloat(s.height) < parseFloat(s.fontSize) * 1.2) dice('testo tagliato', e, s.height);
  }

  // Errors: beside the field, in the summary, and joined.
  const riassunti = riassunto ? tutti('a[href^="#"]', riassunto).map(a => a.getAttribute('href').slice(1)) : [];
  for (const id of riassunti) {
    const e = document.getElementById(id);
    if (!e) dice('errore senza campo', riassunto, id);
    else if (!e.matches('input, select, textarea, button, a[href], [tabindex]')) dice('errore senza fuoco', e);
  }
  for (const e of tutti('[aria-invalid=true]')) {
    const gruppo = [e, ...(e.closest('fieldset') ? [e.closest('fieldset')] : [])];
    const testi = gruppo.flatMap(x => (x.getAttribute('aria-describedby') || '').split(/\s+/)).map(id => document.getElementById(id)).filter(x => x && /Errore|Fehler|Napaka|Erreur|Error/.test(x.textContent));
    if (!testi.length) dice('errore non descritto', e);
    if (!riassunto) dice('errore fuori dal riassunto', e);
  }
  for (const e of tutti('.invalid-feedback').filter(mostrato))
    if (!e.id || !tutti('[aria-describedby]').some(x => x.getAttribute('aria-describedby').split(/\s+/).includes(e.id))) dice('errore di nessuno', e, parole(e.textContent));

  // A state is in words too.
  for (const e of tutti('.badge, .chip-label, .upload-file, .steppers-header li, .it-iter-voce, .alert, .callout-title'))
    if (!parole(e.textContent)) dice('stato senza parole', e);
  for (const e of tutti('.steppers-header li.confirmed')) if (!/completat|confermat|abgeschlossen|dokončano|terminée|completed/i.test(e.textContent)) dice('stato senza parole', e, parole(e.textContent));
  for (const e of tutti('.steppers-header li.active, .it-iter-voce.attuale')) if (!e.hasAttribute('aria-current')) dice('stato senza parole', e, parole(e.textContent));
  for (const e of tutti('.upload-file')) if (!/caric|errore/i.test(e.textContent)) dice('stato senza parole', e, parole(e.textContent));
  for (const e of tutti('.active:is(a)')) if (!e.hasAttribute('aria-current')) dice('stato senza parole', e, parole(e.textContent));

  // Tables and lists: what is read in an order is laid out in it.
  for (const t of tutti('table')) {
    if (!t.caption && !t.closest('[aria-labelledby], [aria-label]')) dice('tabella senza nome', t);
    for (const h of tutti('th', t)) if (!h.hasAttribute('scope')) dice('intestazione senza scope', h);
    for (const d of tutti('tbody td', t)) if (!d.dataset.label) dice('cella senza intestazione', d, parole(d.textContent));
  }
  // before says whether b, read after a, stands after it: below it or to its right.
  const dopo = (a, b) => {
    const ra = a.getBoundingClientRect(), rb = b.getBoundingClientRect();
    const riga = Math.min(ra.bottom, rb.bottom) - Math.max(ra.top, rb.top) > Math.min(ra.height, rb.height) / 2;
    return riga ? rb.left >= ra.left - 1 : rb.top >= ra.top - 1 || rb.left >= ra.right - 1;
  };
  for (const q of ['dt, dd', 'th, td'])
    for (const l of tutti(q === 'dt, dd' ? 'dl' : 'tr')) {
      const v = [...l.children].filter(e => e.matches(q) && mostrato(e) && !ritagliato(e));
      for (let i = 1; i < v.length; i++) if (!dopo(v[i - 1], v[i])) dice('ordine di lettura', v[i], parole(v[i - 1].textContent).slice(0, 30));
    }

  // The keyboard: the order of Tab, where focus goes at first, and that it shows.
  const fuocabili = tutti('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')
    .filter(e => e.tabIndex >= 0 && !e.disabled && mostrato(e));
  for (const e of fuocabili) if (e.tabIndex > 0) dice('tabindex', e, String(e.tabIndex));
  const salto = fuocabili[0];
  if (!salto || salto.tagName !== 'A' || !salto.hash || document.querySelector(salto.hash)?.tagName !== 'MAIN') dice('collegamento per saltare al contenuto', salto);
  const inordine = fuocabili.filter(e => !ritagliato(e) && !(e.type === 'radio' || e.type === 'checkbox'));
  for (let i = 1; i < inordine.length; i++) if (!dopo(inordine[i - 1], inordine[i])) dice('ordine di Tab', inordine[i], 'dopo ' + nome(inordine[i - 1]));
  if (riassunto && document.activeElement !== riassunto && !window.__guardata) dice('fuoco sugli errori', document.activeElement);
  window.__guardata = true;
  const come = e => [e, ...(e.labels || []), e.closest('.nav-item, .form-check, .upload-file')].filter(Boolean).flatMap(x => [null, '::before', '::after'].map(p => {
    const s = getComputedStyle(x, p);
    return [s.outlineStyle === 'none' ? '' : s.outlineStyle + s.outlineWidth + s.outlineColor, s.boxShadow, s.borderColor + s.borderWidth, s.backgroundColor, s.clip, s.textDecoration].join();
  })).join('|');
  punto.clear();
  const prima = document.activeElement;
  for (const e of fuocabili) {
    if (document.activeElement) document.activeElement.blur();
    const senza = come(e);
    e.focus({preventScroll: true});
    if (document.activeElement !== e) dice('non prende il fuoco', e);
    else if (come(e) === senza) dice('fuoco non visibile', e);
  }
  if (document.activeElement) document.activeElement.blur();
  if (prima && prima !== document.body) prima.focus({preventScroll: true});
  return guasti;
})()
