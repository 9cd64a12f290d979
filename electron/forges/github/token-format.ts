/** What can be told about a pasted token without sending it anywhere. */
import type { PermissionReport } from '../../../shared/model.ts';

export interface TokenFormat {
  /** The token without what was pasted around it; a secret. */
  token: string;
  kind: PermissionReport['tokenKind'];
  /** Why it cannot be a usable token; null when it may be one. Never contains any of it. */
  problem: { detail: string; remedy: string } | null;
}

/** Length of GitHub's tokens as they were in 2026, only ever used for a hint after a refusal. */
const usualLengths: Record<string, number> = { 'fine-grained': 93, classic: 40 };

const pasteAgain = 'Copy the token again with the copy button next to it; GitHub shows it only once.';
const createOne = 'Create a personal access token and paste that; it begins with github_pat_ or ghp_.';

/** Takes off what comes along when a token is copied: spaces, quotes, `Bearer`, `GH_TOKEN=`, invisible characters. */
function strip(pasted: string): string {
  return pasted
    .replace(/[\u200B-\u200D\u2060\uFEFF\u00AD]/g, '')
    .trim()
    .replace(/^(?:export\s+)?[A-Z][A-Z_]*TOKEN\s*=\s*/, '')
    .replace(/^authorization:\s*/i, '')
    .replace(/^["'`“”‘’«»]+|["'`“”‘’«»,;]+$/g, '')
    .trim()
    .replace(/^(bearer|token)\s+/i, '')
    .replace(/^["'`]+|["'`]+$/g, '')
    .trim();
}

function kindOf(token: string): TokenFormat['kind'] {
  if (token.startsWith('github_pat_')) return 'fine-grained';
  if (/^(ghp|gho)_/.test(token) || /^[0-9a-f]{40}$/.test(token)) return 'classic';
  return /^gh[us]_/.test(token) ? 'app' : 'unknown';
}

function problemOf(token: string): TokenFormat['problem'] {
  if (token === '') return { detail: 'Nothing was pasted.', remedy: createOne };
  if (/\s/.test(token)) {
    return { detail: 'There is a space or a line break in the middle of the token.', remedy: pasteAgain };
  }
  if (/…|\.\.\.|\*|•/.test(token)) {
    return { detail: 'This is a shortened or masked token, as shown in lists and logs.', remedy: pasteAgain };
  }
  if (token.startsWith('ghs_')) {
    return {
      detail: "This is a GitHub App's installation token, which ends within the hour.",
      remedy: createOne,
    };
  }
  if (token.startsWith('ghr_')) {
    return { detail: 'This is a refresh token, which only its own app can use.', remedy: createOne };
  }
  if (/^glpat-/.test(token))
    return { detail: 'This is a token of GitLab, not of GitHub.', remedy: createOne };
  if (!/^(github_[a-z]+_|gh[a-z]_)/.test(token) && !/^[0-9a-f]{40}$/.test(token)) {
    return {
      detail:
        'This does not look like a token of GitHub, so it was not sent anywhere. A password does not work here.',
      remedy: createOne,
    };
  }
  if (!/^[A-Za-z0-9_.-]+$/.test(token)) {
    return { detail: 'There is a character in the token that no token of GitHub has.', remedy: pasteAgain };
  }
  return null;
}

/** Cleans a pasted token and says what is wrong with it, if that can be seen. The length is not judged. */
export function readToken(pasted: string): TokenFormat {
  const token = strip(pasted);
  return { token, kind: kindOf(token), problem: problemOf(token) };
}

/** A hint for a refused token that is shorter than its kind usually is; empty otherwise. */
export function lengthHint({ token, kind }: TokenFormat): string {
  const usual = usualLengths[kind];
  const short = usual !== undefined && token.length < usual && !/^[0-9a-f]{40}$/.test(token);
  return short
    ? ` It has ${token.length} characters where ${usual} are usual: part of it may be missing.`
    : '';
}
