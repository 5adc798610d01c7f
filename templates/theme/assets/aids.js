/* Aids on the page of a brief: what terms mean, sharing, quotations with their source. Without this
   file terms lead to the glossary, and the rest is done by hand. */
"use strict"

// --- Terms: shown by mouse, focus or the first tap; Escape and a tap elsewhere are the browser's.
if ("popover" in HTMLElement.prototype) {
  let waiting
  const soon = (act, delay) => { clearTimeout(waiting); waiting = setTimeout(act, delay) }

  for (const link of document.querySelectorAll("a.rb-term")) {
    const text = document.getElementById(link.getAttribute("aria-describedby"))
    const box = text.closest("[popover]")
    const isShown = () => box.matches(":popover-open")
    const show = () => {
      clearTimeout(waiting)
      if (!isShown()) box.showPopover()
      // The line that the pointer or the eye is on; a link may be broken over two.
      const at = link.getClientRects()[0]
      const room = document.documentElement.clientWidth - box.offsetWidth
      const below = at.bottom + 6 + box.offsetHeight <= innerHeight || at.top < box.offsetHeight + 6
      box.style.left = `${Math.max(8, Math.min(at.left, room - 8)) + scrollX}px`
      box.style.top = `${(below ? at.bottom + 6 : at.top - 6 - box.offsetHeight) + scrollY}px`
    }
    const hide = () => { if (isShown()) box.hidePopover() }
    const isMouse = event => event.pointerType === "mouse"

    let touched = false
    link.addEventListener("pointerdown", event => { touched = !isMouse(event) })
    link.addEventListener("click", event => {
      // The tap closes the box before it is a click, so that the second one shows it again: what
      // leads on is the link within.
      if (touched) { event.preventDefault(); show() }
      touched = false
    })
    link.addEventListener("focus", () => { if (!touched && link.matches(":focus-visible")) show() })
    link.addEventListener("blur", event => { if (!box.contains(event.relatedTarget) && !box.matches(":hover")) hide() })
    // From the link to its box and back without haste (WCAG 2.2, 1.4.13: hoverable, persistent).
    for (const part of [link, box]) {
      part.addEventListener("pointerenter", event => {
        if (isMouse(event)) soon(show, part === link && !isShown() ? 200 : 0)
      })
      part.addEventListener("pointerleave", event => {
        if (isMouse(event) && document.activeElement !== link) soon(hide, 250)
      })
    }
  }
}

// --- Sharing and copying.
{
  const words = document.querySelector(".rb-share").dataset
  // The address that lasts, if the site knows it.
  const known = document.querySelector("link[rel=canonical]")
  const address = anchor => {
    const found = new URL(known ? known.href : location.href)
    found.search = ""
    found.hash = anchor
    return found.href
  }

  // A button, and beside it what a screen reader is told when it was done.
  const offer = (place, name, act) => {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "rb-button"
    button.textContent = name
    const done = document.createElement("output")
    done.setAttribute("aria-live", "polite")
    button.addEventListener("click", async () => {
      done.textContent = ""
      const said = await act()
      done.textContent = said
      if (said) setTimeout(() => { done.textContent = "" }, 4000)
    })
    place.append(button, " ", done)
  }
  const copy = async (text, said) => {
    try {
      await navigator.clipboard.writeText(text)
      return said
    } catch {
      return "" // the reader did not allow it
    }
  }

  const share = async () => {
    const wanted = { title: document.querySelector("h1").textContent, url: address("") }
    if (!navigator.share || navigator.canShare && !navigator.canShare(wanted))
      return copy(wanted.url, words.shared)
    try {
      await navigator.share(wanted)
    } catch {
      // closed by the reader
    }
    return ""
  }
  if (navigator.share || navigator.clipboard)
    offer(document.querySelector(".rb-share"), words.share, share)

  const cited = new Map([...document.querySelectorAll(".rb-source[data-cite]")]
    .map(source => [source.querySelector("a").href, source.dataset.cite]))
  // When a claim's evidence is opened, so that a long page has fewer buttons.
  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches(".rb-evidence") || target.querySelector(".rb-copyline")) return
    for (const block of navigator.clipboard ? target.querySelectorAll("blockquote") : []) {
      const places = block.querySelectorAll(".rb-location")
      const said = {
        quotation: block.querySelector(".rb-quote").textContent.trim(),
        source: cited.get(places[0].querySelector("a").href),
        place: block.dataset.place,
        address: address(block.closest(".rb-claim").id),
      }
      const text = words.quotation.replace(/\{(\w+)\}/g, (_, name) => said[name])
      const line = document.createElement("p")
      line.className = "rb-copyline"
      offer(line, words.quote, () => copy(text, words.quoted))
      block.append(line)
    }
  }, true)
}
