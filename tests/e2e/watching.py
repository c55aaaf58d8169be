"""What a tab asks for and shows: requests of every kind, and elements that load or lead elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page

FOREIGN = """(host) => {
  const found = [], loads = ["src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href", "ping"];
  const leads = (value) => { try { return new URL(value, location.href).host } catch { return "" } };
  const look = (root) => { for (const one of root.querySelectorAll("*")) {
    const embeds = (one.localName === "link" || one.localName === "base" || one.localName === "use") ? ["href", ...loads] : loads;
    for (const name of embeds) {
      const value = one.getAttribute(name), other = value && leads(value.split(" ")[0]);
      if (other && other !== location.host) found.push(one.outerHTML.slice(0, 300));
    }
    if (one.localName === "a" && leads(one.getAttribute("href") || "").endsWith(host)) found.push(one.outerHTML.slice(0, 300));
    if ((one.getAttribute("style") || "").includes(host) || one.hasAttribute("data-forged")) found.push(one.outerHTML.slice(0, 300));
    if (one.shadowRoot) look(one.shadowRoot);
  } };
  look(document);
  return found;
}"""


@dataclass
class Watched:
    """What a tab asked for since it is watched."""

    addresses: list[str] = field(default_factory=list)  # of requests and of sockets
    received: list[bytes] = field(default_factory=list)  # messages of the server

    def hosts(self) -> set[str]:
        """The hosts and ports that were asked."""
        return {urlsplit(address).netloc for address in self.addresses} - {""}


def watch(page: Page) -> Watched:
    """Begin to write down what a tab asks for."""
    watched = Watched()

    def opened(socket) -> None:
        watched.addresses.append(socket.url)
        socket.on("framereceived", lambda said: watched.received.append(said if isinstance(said, bytes) else said.encode()))

    page.on("request", lambda request: watched.addresses.append(request.url))
    page.on("websocket", opened)
    return watched


def foreign_elements(page: Page, host: str) -> list[str]:
    """Elements that load something of another host, or lead to this one, in all frames and shadow trees."""
    return [element for frame in page.frames for element in frame.evaluate(FOREIGN, host)]
