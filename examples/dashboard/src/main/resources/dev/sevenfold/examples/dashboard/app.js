// Makes pages that work without it livelier: progress, the next five times, and a check of a file's size.
'use strict';

const POLL_MILLIS = 700;

async function fetchText(address) {
  const response = await fetch(address);
  // Logged out meanwhile: the whole page must say so.
  if (response.redirected) location.reload();
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.text();
}

const work = document.getElementById('work');

function say() {
  const text = work.querySelector('[data-say]')?.dataset.say ?? '';
  const status = document.getElementById('status');
  if (status.textContent !== text) status.textContent = text;
}

// The work is done: show what it changed, and leave alone what somebody may be typing in.
async function freshen() {
  const page = new DOMParser().parseFromString(await fetchText('/'), 'text/html');
  for (const part of document.querySelectorAll('[data-fresh]')) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceChildren(...fresh.childNodes);
  }
  say();
}

async function watch() {
  try {
    work.innerHTML = await fetchText('/work');
    say();
    if (!work.querySelector('[data-busy]')) return void (await freshen());
  } catch {
    // The server may be restarting; the next look tells.
  }
  setTimeout(watch, POLL_MILLIS);
}

if (work?.querySelector('[data-busy]')) {
  say();
  setTimeout(watch, POLL_MILLIS);
}

for (const form of document.querySelectorAll('form[data-times]')) {
  const times = document.getElementById('times');
  let waiting;
  let latest = 0;
  const update = async () => {
    const mine = ++latest;
    const query = new URLSearchParams(new FormData(form));
    query.delete('csrf'); // secrets stay out of addresses
    const text = await fetchText(`${form.dataset.times}?${query}`);
    // Answers may overtake each other.
    if (mine !== latest) return;
    times.innerHTML = text;
    if (times.querySelector('#cron-error')) form.cron.setAttribute('aria-invalid', 'true');
    else form.cron.removeAttribute('aria-invalid');
  };
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, 150);
  });
}

for (const input of document.querySelectorAll('input[data-largest]')) {
  input.addEventListener('change', () => {
    const tooLarge = input.files[0]?.size > Number(input.dataset.largest);
    input.setCustomValidity(tooLarge ? 'This file is too large.' : '');
    input.reportValidity();
  });
}
