/* Small comforts. Everything but search works without this file. */
"use strict"

// The theme's search listens for keys only; input methods, dictation and paste send input alone.
document.addEventListener("input", event => {
  if (event.target.matches(".md-search__input"))
    event.target.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true, key: "a" }))
}, true)

// The search tells what it looks for where nothing has what was typed.
const note = document.querySelector(".rb-search-note")
if (note) {
  const { search } = JSON.parse(document.getElementById("__config").textContent)
  const field = document.querySelector(".md-search__input")
  new BroadcastChannel(new URL(search, location.href).href).onmessage = ({ data }) => {
    // Another tab of the site hears it too.
    if (data.typed !== field.value) return
    const words = { typed: data.typed.trim(), shown: data.shown }
    const text = data.shown ? note.dataset.text.replace(/\{(\w+)\}/g, (_, key) => words[key]) : ""
    if (note.textContent !== text) note.textContent = text
  }
}

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

// A button beside each citation copies it; its words stand once on the page.
const copying = document.querySelector("[data-copy]")
if (copying && navigator.clipboard) {
  for (const text of document.querySelectorAll(".rb-cite dd, .rb-forms pre")) {
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
    if (text.matches("pre")) text.before(button)
    else text.append(" ", button)
  }
}
