import { appendFileSync } from 'node:fs';

/** An input of the action. */
export function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
}

/** Stores a value for the step at the end of the job. */
export function saveState(name, value) {
  append('GITHUB_STATE', name, value);
}

/** What an earlier step stored. */
export function state(name) {
  return process.env[`STATE_${name}`] ?? '';
}

/** Sets an output of the action. */
export function setOutput(name, value) {
  append('GITHUB_OUTPUT', name, value);
}

/** Sets an environment variable for all later steps of the job. */
export function setVariable(name, value) {
  append('GITHUB_ENV', name, value);
}

/** Makes the step fail, with a message on the page of the run. */
export function fail(message) {
  console.log(`::error title=OctoStore::${escaped(message)}`);
  process.exitCode = 1;
}

/** Hides a value in the log of the job. */
export function mask(value) {
  if (value !== '') console.log(`::add-mask::${escaped(value)}`);
}

/** Values here never contain a line break. */
function append(file, name, value) {
  appendFileSync(process.env[file], `${name}=${value}\n`);
}

function escaped(text) {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
