/* Leads on from an old address, with what stands behind # and ?. */
"use strict"

const link = document.querySelector("main a")
link.search = location.search
link.hash = location.hash
location.replace(link.href)
