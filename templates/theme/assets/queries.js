/* What readers type, understood: the part of the search worker that knows what a query means.

   Each query is cut into the words that the index has: other forms of a word, names by their sound
   in pinyin, and slips of the finger are found among them. search.js has the index and its words. */
"use strict"

const MANY = 200                      // entries that are marked and grouped; ten results are shown
const HAN = /^[\u3400-\u9fff\uf900-\ufaff]/
const RUNS = /[\u3400-\u9fff\uf900-\ufaff]+|[^\u3400-\u9fff\uf900-\ufaff\s]+/g
// The reader speaks the theme's own query language, in which words between quotation marks are
// taken as they are: nothing is corrected then.
const SIGNS = /"|(^|\s)[+-]\S|\S[*~^]|\b(title|text):\S/
const GRAMMAR = "的了和与及或是在有为对从到把被让就也都而并这那其之于以吗呢吧"  // words by themselves

// How much it counts that a word is found like this.
const WEIGHTS = { exact: 1, name: 1, joined: 1, form: .6, start: .3, compound: 1, part: .1 }
const OFTEN = .2                      // and that a page has more such entries

/* --- What is known --------------------------------------------------------------------------- */

/* Give entries the names of what they are about: the index has them once, at those of pages. */
function name(docs, pages) {
  const given = pages.map(({ aliases, parts }) => ({ aliases, parts }))
  for (const doc of docs) {
    const about = (doc.about || []).map(number => given[number])
    if (!about.length) continue
    doc.aliases = [doc.aliases, ...about.map(it => it.aliases)].filter(Boolean).join("\n")
    doc.inner = [doc.inner, ...about.map(it => it.parts)].filter(Boolean).join(" ")
  }
}

/* Names by their sound, and the addresses of the pages that bear a name. */
function known(readings, docs) {
  const bySound = new Map(), byInitials = new Map(), pages = new Map()
  const add = (map, key, value) => map.set(key, (map.get(key) || new Set()).add(value))
  for (const [name, ways] of Object.entries(readings || {}))
    for (const way of ways) {
      const syllables = way.split(" ")
      add(bySound, syllables.join(""), name)
      if (syllables.length > 2) add(byInitials, syllables.map(it => it[0]).join(""), name)
    }
  for (const { location, title, aliases, boost } of docs)
    if (boost)
      for (const name of [title, ...(aliases || "").split("\n")])
        add(pages, plain(name), location)
  const sounds = [...bySound.keys()].sort()
  return { bySound, byInitials, pages, sounds, han: Object.keys(readings || {}) }
}

const plain = text => text.replaceAll("\u200b", "").toLowerCase().replace(/[\s\p{P}]+/gu, "")
const has = word => Object.hasOwn(index.invertedIndex, word)
const isHan = word => HAN.test(word)
const isStop = word => !lunr.stopWordFilter(word)

/* The words of a sorted list that begin so. */
function starting(list, start, most = 8) {
  let low = 0, high = list.length
  while (low < high) {
    const middle = low + high >> 1
    if (list[middle] < start) low = middle + 1
    else high = middle
  }
  const found = []
  while (found.length < most && low < list.length && list[low].startsWith(start))
    found.push(list[low++])
  return found
}
/* British and American endings are one, and then all endings of English. */
const stem = word => lunr.stemmer(
  new lunr.Token(word.replace(/is(e|ed|es|ing|ers?|ations?)$/, "iz$1"))).toString()

let forms
/* The words of the index that are forms of this one: recruit, recruits, recruiting. */
function formsOf(word) {
  const isPlain = /^[a-z]{3,}$/
  if (!forms) {
    forms = new Map()
    for (const other of words.filter(it => isPlain.test(it)))
      forms.set(stem(other), [...(forms.get(stem(other)) || []), other])
  }
  return isPlain.test(word) ? (forms.get(stem(word)) || []).filter(it => it !== word) : []
}

/* --- What is meant --------------------------------------------------------------------------- */

/* A query as terms: each what the theme calls it, and the words of the index that it stands for. */
async function understood(text) {
  const terms = [], shown = []
  let corrected = false
  const pieces = text.split(separator).flatMap(
    word => (word || "").replace(/[*~^:]/g, " ").match(RUNS) || [])
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at], isLast = at === pieces.length - 1
    if (isHan(piece)) {
      const read = await readHan(piece)
      corrected ||= read.corrected
      terms.push(...read.terms)
      shown.push(read.run)
    } else {
      const [joined, length] = joinedFrom(pieces, at)
      if (joined) {
        terms.push(joined)
        shown.push(joined.text)
        at += length - 1
      } else if (!isStop(piece) || pieces.length === 1) {
        const term = readLatin(piece, isLast)
        corrected ||= term.corrected === true
        terms.push(term)
        shown.push(term.text)
      }
    }
  }
  return {
    terms, corrected, whole: plain(text), shown: shown.join(" "),
    text: terms.map(term => term.text).join(" ")
  }
}

/* Words that make a known one together: moer xiancheng, tool chain. */
function joinedFrom(pieces, at) {
  for (let length = Math.min(5, pieces.length - at); length > 1; length--) {
    const parts = pieces.slice(at, at + length)
    const word = parts.join("")
    if (!/^[a-z]+$/.test(word)) continue
    const found = [...(names.bySound.get(word) || [])].map(name => [name, "name"])
    if (has(word)) found.push([word, "joined"])
    if (!found.length) continue
    // Where the parts are words as well, pages that have them apart are meant too.
    for (const part of parts)
      for (const way of ways(part)) found.push([way[0], "part"])
    return [{ text: parts.join(" "), found, starts: [] }, length]
  }
  return [undefined, 0]
}

/* What a word of Latin letters or figures stands for. */
function readLatin(word, isLast) {
  const found = ways(word), starts = []
  if (starting(words, word, 1).length) starts.push(word)
  if (found.length || starts.length) return { text: word, found, starts }
  const start = stem(word)
  if (start.length > 3 && starting(words, start, 1).length)
    return { text: word, found, starts: [start] }
  const whole = names.byInitials.get(word) ||
    new Set(word.length > 2 ? starting(names.sounds, word).flatMap(it => [...names.bySound.get(it)]) : [])
  if (whole.size) return { text: word, found: [...whole].map(name => [name, "name"]), starts }
  for (let cut = 1; cut < word.length - 2; cut++) {
    const [head, tail] = [word.slice(0, cut), word.slice(cut)]
    if (tail.length > 3 && has(head) && has(tail))
      return { text: word, found: [[head, "joined"], [tail, "joined"]], starts, both: true }
  }
  const near = nearest(word, isLast)
  if (!near) return { text: word, found, starts }
  const other = names.bySound.get(near)
  const text = other && !has(near) ? [...other][0] : near
  const read = isHan(text) ? { found: [[text, "name"]], starts: [] } : readLatin(text)
  return { ...read, text, corrected: true }
}

/* The words of the index that this one is, or is a form of, or the sound of. */
function ways(word) {
  const found = [...(names.bySound.get(word) || [])].map(name => [name, "name"])
  if (has(word)) found.push([word, "exact"])
  for (const form of formsOf(word)) found.push([form, "form"])
  return found
}

/* The known word or sound that differs by the fewest slips: one, in long words two. */
function nearest(word, isLast) {
  if (word.length < 4 || !/^\p{L}+$/u.test(word)) return undefined
  const most = word.length > 5 ? 2 : 1
  let found, least = Infinity
  for (const other of [...names.sounds, ...words]) {
    if (!/^\p{L}{3,}$/u.test(other) || isHan(other)) continue
    const [whole, start] = slips(word, other, most)
    const sameStart = word[0] === other[0]
    if (!sameStart && whole > 1) continue
    // A word that is still being typed may be the start of a longer one.
    const isStart = isLast && sameStart && word.length > 4 && start < 2
    const distance = Math.min(whole, isStart ? start + .5 : Infinity)
    if (distance > most) continue
    const entry = index.invertedIndex[other]
    const fame = !entry || Object.keys(entry.title).length ? 2 : Object.keys(entry.aliases).length ? 1 : 0
    const cost = distance * 8 - fame * 2 - (sameStart ? 1 : 0)
    if (cost < least) [found, least] = [other, cost]
  }
  return found
}

/* The slips (Damerau and Levenshtein: a letter more, less, wrong, or two exchanged) between two
   words, and between the first and a start of the second; more than `most` need not be right. */
function slips(word, other, most) {
  if (word.length - other.length > most) return [Infinity, Infinity]
  const length = Math.min(other.length, word.length + most + 1)
  let before, last = Array.from({ length: length + 1 }, (_, i) => i)
  for (let i = 1; i <= word.length; i++) {
    const row = [i]
    for (let j = 1; j <= length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (word[i - 1] !== other[j - 1]))
      if (i > 1 && j > 1 && word[i - 1] === other[j - 2] && word[i - 2] === other[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1)
    }
    if (Math.min(...row) > most) return [Infinity, Infinity]
    before = last
    last = row
  }
  return [length === other.length ? last[length] : Infinity, Math.min(...last)]
}

/* --- Chinese --------------------------------------------------------------------------------- */

/* A run of Chinese characters as terms. What is in no word of the index may be a slip in a name:
   another character of the same sound (and so traditional ones), or one wrong or exchanged. */
async function readHan(run) {
  let { pieces, missed } = cut(run), corrected = false
  if (missed.size && run.length > 1) {
    const better = await mended(run, missed)
    if (better) {
      [run, corrected] = [better, true];
      ({ pieces, missed } = cut(run))
    }
  }
  const terms = pieces.map(piece => {
    const found = has(piece) ? [[piece, "exact"]] : []
    if (piece.length > 1) found.push(...compounds(piece).map(word => [word, "compound"]))
    // Pages that have the words of a compound apart are meant too, but less.
    const parts = piece.length > 2 ? cut(piece, piece.length - 1).pieces : []
    if (parts.length > 1 && parts.join("") === piece)
      for (const part of parts) if (has(part)) found.push([part, "part"])
    return { text: piece, found, starts: [piece] }
  })
  return { terms, corrected, run }
}

/* Longer words that hold this one, but not at their start: 生态壁垒 for 壁垒. */
const compounds = piece => words.filter(word => word.indexOf(piece) > 0).slice(0, 50)

/* A run in the fewest words of the index, the longest first where there is a choice; the last may
   be the start of one. Also the places of the characters that are in none. */
function cut(run, longest = run.length) {
  const ways = [{ cost: 0 }]
  for (let end = 1; end <= run.length; end++) {
    ways[end] = { cost: ways[end - 1].cost + 100, from: end - 1, missed: true }
    for (let from = Math.max(0, end - longest); from < end; from++) {
      const piece = run.slice(from, end)
      const is = has(piece) || end === run.length && starting(words, piece, 1).length
      const cost = ways[from].cost + 1
      if (is && cost <= ways[end].cost) {
        ways[end] = { cost, from }
        break
      }
    }
  }
  const pieces = [], missed = new Set()
  for (let end = run.length; end; end = ways[end].from)
    if (ways[end].missed) GRAMMAR.includes(run[end - 1]) || missed.add(end - 1)
    else pieces.unshift(run.slice(ways[end].from, end))
  return { pieces, missed }
}

let sounds
/* The usual sound of each character, loaded where it is needed for the first time. */
async function soundOf() {
  sounds ||= fetch(search("characters.json"))
    .then(answer => answer.json())
    .then(table => new Map(Object.entries(table).flatMap(
      ([sound, characters]) => [...characters].map(character => [character, sound]))))
    .catch(() => { sounds = undefined; return new Map() })
  return sounds
}
/* Whether a piece of a run is a word of the index and one character beside it: 新芯片 is no slip. */
function isWhole(run, from, length) {
  const stands = word => {
    const entry = has(word) && index.invertedIndex[word]
    return entry && ["title", "text", "aliases"].some(field => Object.keys(entry[field]).length)
  }
  return stands(run.slice(from + 1, from + length)) || stands(run.slice(from, from + length - 1))
}

/* The run with a name in the place of what sounds or looks like it; nothing if there is none. */
async function mended(run, missed) {
  const sound = await soundOf()
  const touched = (from, length) => [...missed].some(at => at >= from && at < from + length)
  for (let length = Math.min(run.length, 12); length > 1; length--)
    for (let from = 0; from + length <= run.length; from++) {
      const said = [...run.slice(from, from + length)].map(it => sound.get(it) || "?").join("")
      const name = [...(names.bySound.get(said) || [])].find(it => it.length === length)
      if (name && touched(from, length)) return run.slice(0, from) + name + run.slice(from + length)
    }
  for (const name of names.han)
    for (let from = 0; name.length > 2 && from + name.length <= run.length; from++) {
      if (!touched(from, name.length) || isWhole(run, from, name.length)) continue
      if (slips(run.slice(from, from + name.length), name, 1)[0] === 1)
        return run.slice(0, from) + name + run.slice(from + name.length)
    }
  return undefined
}

/* --- What is found --------------------------------------------------------------------------- */

const page = location => location.split("#")[0]

/* Entries that have the words, the best first. One with all words of a query comes before those
   with some, wherever these stand in it; a page that bears the very name comes before all. */
function best(terms) {
  // A query of nothing would be one for everything.
  if (!terms.some(({ found, starts }) => found.length || starts.length)) return []
  const grades = new Map()            // of a word of the index: for which terms it stands, how well
  const grade = (word, term, value) => grades.set(word, [...(grades.get(word) || []), [term, value]])
  const found = index.query(query => {
    for (const [number, { found, starts }] of terms.entries()) {
      for (const [word, way] of found) {
        grade(word, number, way === "part" ? .5 : 1)
        query.term(word, { boost: WEIGHTS[way], usePipeline: false })
      }
      for (const start of starts) {
        // A single letter begins too many words.
        const fields = start.length < 2 && !isHan(start) ? ["title"] : index.fields
        const boost = isHan(start) ? WEIGHTS.compound : WEIGHTS.start
        const wildcard = lunr.Query.wildcard.TRAILING
        query.term(start, { boost, fields, wildcard, usePipeline: false })
      }
    }
  })
  const starts = terms.flatMap(({ starts }, number) => starts.map(start => [start, number]))
  const pages = names.pages.get(asked.whole) || names.pages.get(plain(asked.shown)) || new Set()
  for (const result of found) {
    const covered = new Array(terms.length).fill(0)
    const metadata = result.matchData.metadata
    for (const word of Object.keys(metadata)) {
      for (const [term, value] of grades.get(word) || []) covered[term] = Math.max(covered[term], value)
      for (const [start, term] of starts)
        if (word.startsWith(start)) covered[term] = Math.max(covered[term], .8)
    }
    for (const [number, { found, both }] of terms.entries())
      if (both && !found.every(([word]) => metadata[word])) covered[number] = .1
    const share = covered.reduce((sum, value) => sum + value, 0) / terms.length
    result.share = share
    result.score *= share ** 4 * (pages.has(result.ref) ? 5 : 1)
    // The theme would call a term missing of which only another form is there.
    for (const [number, value] of covered.entries()) if (value) metadata[terms[number].text] ||= {}
  }
  // A page with several entries that have it all says more of it than one with a single one.
  const often = new Map()
  for (const { ref, share } of found)
    if (share > .9) often.set(page(ref), (often.get(page(ref)) || 0) + 1)
  for (const result of found) result.score *= 1 + OFTEN * Math.log2(often.get(page(result.ref)) || 1)
  const first = found.sort((a, b) => b.score - a.score).slice(0, MANY)
  // Nobody sees the other fields, so nothing need be marked in them.
  for (const { matchData } of first)
    for (const fields of Object.values(matchData.metadata))
      for (const field of index.fields)
        if (field !== "title" && field !== "text") delete fields[field]
  return first
}
