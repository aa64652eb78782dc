// Comfort only: every page works without it.

// Within Telegram the address holds who opened the page, signed; the login form sends it on.
const form = document.getElementById("mini-app");
if (form) {
  const data = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData");
  if (data) {
    history.replaceState(null, "", location.pathname);
    form.elements.init_data.value = data;
    form.submit();
  }
}

// A chosen file goes into the text field beside it.
for (const input of document.querySelectorAll("input[type=file][data-into]")) {
  input.closest("[hidden]")?.removeAttribute("hidden");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    const field = document.getElementById(input.dataset.into);
    if (file && field) field.value = await file.text();
  });
}
