/** Turns every failure of a call into the contract's error: what happened, to what, and what to do. */
import { TracksideError } from '../../../shared/errors.ts';
import type { RequestMeter } from '../forge.ts';
import type { ForgeAddress } from './addresses.ts';
import {
  type Answer,
  acceptedPermissions,
  answerOf,
  limitOf,
  type Permission,
  permissionTitle,
  scopesOf,
  ssoOf,
  wordsOf,
} from './answers.ts';
import { unreachable } from './network-failures.ts';

/** What a call is about, for the sentences of its errors. */
export interface Call {
  /** Completes "The token may not …": `list the runners of octo/forge`. */
  doing: string;
  /** What is asked for, as a subject: `The repository octo/forge`. */
  subject: string;
  /** The fine-grained permission that it takes. */
  permission?: Permission;
  signal?: AbortSignal;
  /** Never sent a second time, because the first may have had its effect although it failed. */
  once?: boolean;
  /** Counts what the call sends. */
  meter?: RequestMeter;
}

function refused(address: ForgeAddress): TracksideError {
  return new TracksideError(
    'TOKEN_REFUSED',
    `${address.host} refuses the token: it is unknown, revoked or expired.`,
    {
      remedy: `Create a new token on ${address.host} and connect again.`,
    },
  );
}

/** A classic token needs the scope `repo`; without it every right of its owner is of no use. */
function scopeMissing(answer: Answer): boolean {
  const scopes = scopesOf(answer);
  return scopes !== null && !scopes.includes('repo');
}

function permissionMissing(answer: Answer, call: Call, address: ForgeAddress): TracksideError {
  const words = wordsOf(answer);
  const sso = ssoOf(answer, address.webUrl);
  if (sso) {
    return new TracksideError(
      'PERMISSION_MISSING',
      `The organisation asks for single sign-on before this token may ${call.doing}.`,
      {
        remedy: sso.url
          ? `Authorise the token at ${sso.url}`
          : `Authorise the token for the organisation at ${address.webUrl}/settings/tokens (Configure SSO).`,
      },
    );
  }
  if (scopeMissing(answer)) {
    return new TracksideError(
      'PERMISSION_MISSING',
      `The token lacks the scope "repo", so it may not ${call.doing}.`,
      {
        remedy: `Give the token the scope "repo" at ${address.webUrl}/settings/tokens.`,
      },
    );
  }
  if (/not accessible by/i.test(words)) {
    const accepted = acceptedPermissions(answer);
    const needed = accepted.length > 0 ? accepted : call.permission ? [call.permission] : [];
    const titles = needed.map(permissionTitle).join(', ') || 'a permission';
    return new TracksideError('PERMISSION_MISSING', `The token may not ${call.doing}: it lacks ${titles}.`, {
      remedy: `Add ${titles} to the token at ${address.webUrl}/settings/personal-access-tokens.`,
    });
  }
  if (/must have admin rights/i.test(words)) {
    return new TracksideError(
      'PERMISSION_MISSING',
      `Only an administrator of the repository may ${call.doing}, and this account is none.`,
      { remedy: 'Ask an owner to give you the Admin role, or use the token of an administrator.' },
    );
  }
  return new TracksideError(
    'PERMISSION_MISSING',
    `${address.host} does not let this token ${call.doing}: ${words}`,
    {
      remedy: "Check the token's permissions and the organisation's policies.",
    },
  );
}

function errorOfAnswer(answer: Answer, call: Call, address: ForgeAddress, now: number): TracksideError {
  const limit = limitOf(answer, address.host, now);
  if (limit) return limit;
  const words = wordsOf(answer);
  const { status } = answer;
  if (status === 401) return refused(address);
  if (status === 403) return permissionMissing(answer, call, address);
  if (status === 410) {
    return new TracksideError('UNKNOWN', `${call.subject} is not kept any more by ${address.host}.`);
  }
  if (status === 404) {
    return new TracksideError(
      'UNKNOWN',
      `${call.subject} does not exist on ${address.host}, or the token cannot see it.`,
      { remedy: 'Check the spelling and which repositories the token was given access to.' },
    );
  }
  if (status === 409)
    return new TracksideError('CONFLICT', `${call.subject}: ${words || 'it is in conflict.'}`);
  if (status === 400 || status === 422) {
    return new TracksideError('INVALID_REQUEST', `${address.host} could not ${call.doing}: ${words}`);
  }
  return new TracksideError(
    'FORGE_UNREACHABLE',
    `${address.host} answered with an error of its own (${status}).`,
    {
      remedy: 'Try again in a moment.',
    },
  );
}

/**
 * The contract's error for anything a call threw. An abort by the caller's own signal comes back as its reason.
 * @param now epoch milliseconds
 */
export function asTracksideError(error: unknown, call: Call, address: ForgeAddress, now: number): unknown {
  if (error instanceof TracksideError) return error;
  if (call.signal?.aborted) return call.signal.reason;
  const answer = answerOf(error);
  return answer
    ? errorOfAnswer(answer, call, address, now)
    : unreachable(error, new URL(address.apiUrl).host, address.webUrl);
}
