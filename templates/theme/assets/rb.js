/* When the theme's script comes, and small comforts. Everything but search and the choice of colours
   works without this file. */
"use strict"

// --- The theme's script is for search, colours and the contents beside the text. With a mouse it
// comes at once. Where one touches it comes with the first touch of the header: to read on a phone
// one needs neither it nor the index of the search.
const root = document.documentElement
const { theme } = document.currentScript.dataset
let waking
let isParsed = false
document.addEventListener("DOMContentLoaded", () => { isParsed = true }, { once: true })
const wake = () => waking ??= new Promise(done => {
  const script = document.createElement("script")
  script.src = theme
  script.onload = () => {
    // The theme waits for this event, once, even where it is over.
    if (isParsed) document.dispatchEvent(new Event("DOMContentLoaded"))
    done()
  }
  document.body.append(script)
})

if (matchMedia("(hover: hover)").matches || location.search) wake()
else {
  // Until then the colours are those that were chosen, or the system's.
  const options = [...document.querySelectorAll("[data-md-component=palette] input")]
  const kept = __md_get("__palette")
  const index = kept ? kept.index : options.findIndex(option => matchMedia(option.dataset.mdColorMedia).matches)
  const option = options[index] || options[0]
  for (const { name, value } of option.attributes)
    if (name.startsWith("data-md-color")) document.body.setAttribute(name, value)
  option.nextElementSibling.hidden = false
  root.classList.replace("no-js", "js")

  const header = document.querySelector(".md-header")
  const field = header.querySelector(".md-search__input")
  const search = document.getElementById("__search")
  addEventListener("keydown", wake)
  header.addEventListener("focusin", wake)
  header.addEventListener("pointerdown", async () => {
    await wake()
    // What was typed in the meantime.
    if (field.value) field.dispatchEvent(new Event("input", { bubbles: true }))
  }, { once: true })
  // Keyboards of phones open for what has the focus within the tap.
  search.addEventListener("change", () => { if (search.checked) field.focus() })
  let isThere = false
  header.addEventListener("click", async event => {
    const label = event.target.closest("[data-md-component=palette] label")
    if (!label || isThere) return
    event.preventDefault()
    await wake()
    isThere = true
    label.click()
  })
}

// The theme's search listens for keys only; input methods, dictation and paste send input alone.
document.addEventListener("input", event => {
  if (event.target.matches(".md-search__input"))
    event.target.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true, key: "a" }))
}, true)

// The search tells what it looks for where nothing has what was typed, and what is still to come.
const note = document.querySelector(".rb-search-note")
if (note) {
  const { search } = JSON.parse(document.getElementById("__config").textContent)
  const field = document.querySelector(".md-search__input")
  new BroadcastChannel(new URL(search, location.href).href).onmessage = ({ data }) => {
    // Another tab of the site hears it too.
    if (data.typed !== field.value) return
    const words = { typed: data.typed.trim(), shown: data.shown }
    const said = data.shown ? note.dataset.text : data.isPart ? note.dataset.part : ""
    const text = said.replace(/\{(\w+)\}/g, (_, key) => words[key])
    if (note.textContent !== text) note.textContent = text
  }
}

// The drawer is in the way of what was chosen in it.
document.addEventListener("click", event => {
  if (event.target.closest && event.target.closest(".rb-onpage a"))
    document.getElementById("__drawer").checked = false
})

// The other language opens at the same claim or section.
document.addEventListener("click", event => {
  const link = event.target.closest && event.target.closest("a[hreflang]")
  if (link && location.hash) link.hash = location.hash
}, true)

// Search results carry invisible joints between Chinese words; a copy must not.
document.addEventListener("copy", event => {
  const text = String(getSelection())
  if (event.clipboardData && text.includes("\u200b") && !event.target.matches("input, textarea")) {
    event.clipboardData.setData("text/plain", text.replaceAll("\u200b", ""))
    event.preventDefault()
  }
})

// Browsers that cannot show closed details in print by style alone.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details.rb-evidence, details.rb-data"))
    details.open = true
})

// A button beside each citation copies it; its words stand once on the page. What programs read is
// folded away, and has its button when it is opened.
const copying = document.querySelector("[data-copy]")
if (copying && navigator.clipboard) {
  const offer = (text, place) => {
    const citation = text.textContent.trim()
    const name = text.previousElementSibling.textContent
    const button = document.createElement("button")
    button.type = "button"
    button.className = "rb-copy"
    const say = word => {
      button.textContent = word
      button.setAttribute("aria-label", `${word}: ${name}`)
    }
    say(copying.dataset.copy)
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(citation)
      say(copying.dataset.copied)
      setTimeout(say, 2000, copying.dataset.copy)
    })
    place(button)
  }
  for (const text of document.querySelectorAll(".rb-cite dd"))
    offer(text, button => text.append(" ", button))
  document.addEventListener("toggle", ({ target }) => {
    const text = target.matches(".rb-forms > details:not(:has(.rb-copy))") && target.querySelector("pre")
    if (text) offer(text, button => text.before(button))
  }, true)
}
