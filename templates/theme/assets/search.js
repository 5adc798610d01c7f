/* The search worker: the theme's, with an understanding of its own of what readers type (queries.js).

   The theme loads this file as its search worker and speaks to it by messages. Each query is made
   one of words that the index has; the theme's worker then asks lunr for these, marks them and
   groups what was found. Of a large index the theme loads the entries of pages only; the others
   follow with the first query, and until they are indexed, those of pages are searched.

   The names of the theme's worker and of queries.js stand behind the # of this one's address. */
"use strict"

const SETUP = 0, READY = 1, QUERY = 2 // kinds of messages of the theme
const SLICE = 50                      // milliseconds of indexing between which queries are answered

let index, words, separator           // of lunr; all its words in order; what parts words
let names                             // what is known of names
let turn = 0                          // the number of the latest query
let asked                             // what was made of it

const [theirs, ours] = self.location.hash.slice(1).split("#")
importScripts(ours)

/* --- The theme's worker ---------------------------------------------------------------------- */

const { addEventListener: listen, postMessage: post } = self
const search = file => new URL("../search/" + file, self.location.href)

/* The theme's worker, with an index of its own: it answers a message. */
function worker() {
  let answer
  self.addEventListener = (type, listener) => { answer = listener }
  importScripts("javascripts/workers/" + theirs)
  self.addEventListener = listen
  const literally = lunr.Index.prototype.search
  lunr.Index.prototype.search = function (text) {
    return asked ? best(asked.terms) : literally.call(this, text)
  }
  return answer
}

/* From now on, this index is searched. */
function learn(built) {
  index = built
  words = Object.keys(index.invertedIndex).sort()
  forms = undefined
  return index
}

let theme = worker()
const { build } = lunr.Builder.prototype
lunr.Builder.prototype.build = function () { return learn(build.call(this)) }

const notes = new BroadcastChannel(self.location.href)
let setup, last                       // the first message, and the last query
self.onmessage = async ({ data: message }) => {
  if (message.type === SETUP) {
    setup = message.data
    separator = new RegExp(setup.config.separator)
    names = known(setup.config.names, setup.docs)
    name(setup.docs, setup.docs)
    theme({ data: message })
  } else if (message.type === QUERY) {
    const mine = ++turn
    const text = message.data.normalize("NFKC").toLowerCase().trim().replace(/^“(.*)”$/, '"$1"')
    const query = SIGNS.test(text) ? undefined : await understood(text)
    if (mine !== turn) return         // the reader has typed on
    last = message
    asked = query
    const isPart = Boolean(text && setup.config.rest)
    if (isPart) complete()
    const shown = query?.corrected && !isPart ? query.shown : ""
    notes.postMessage({ typed: message.data, shown, isPart })
    theme({ data: { type: QUERY, data: query ? query.text : text } })
  } else theme({ data: message })
}

/* --- The rest of a large index --------------------------------------------------------------- */

let coming
/* Load and index what is not there yet, once; if it cannot be loaded, the next query tries again. */
function complete() {
  coming ||= fetch(search(setup.config.rest))
    .then(answer => answer.ok ? answer.json() : Promise.reject(answer.status))
    .then(whole)
    .catch(() => { coming = undefined })
}

/* Put an index of everything in the place of that of pages. It is made by another worker of the
   theme's, whose entries are added in slices, so that the first one can answer meanwhile. */
async function whole(rest) {
  name(rest, setup.docs)
  const other = worker()
  const waiting = [], { add, build } = lunr.Builder.prototype
  let builder, built
  lunr.Builder.prototype.add = function (...entry) { waiting.push(entry) }
  lunr.Builder.prototype.build = function () {
    builder = this
    return built = Object.create(lunr.Index.prototype)
  }
  self.postMessage = message => { if (message.type !== READY) post.call(self, message) }
  await other({ data: { type: SETUP, data: { ...setup, docs: [...setup.docs, ...rest] } } })
  self.postMessage = post
  let end = 0
  for (const entry of waiting) {
    if (performance.now() > end) {
      await new Promise(resume => setTimeout(resume))
      end = performance.now() + SLICE
    }
    add.apply(builder, entry)
  }
  learn(Object.assign(built, build.call(builder)))
  theme = other
  delete setup.config.rest
  self.onmessage({ data: last })
}
