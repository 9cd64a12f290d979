/** The checks that concern one repository: is it visible, may runners be managed, may the queue be read. */
import { TracksideError } from '../../../shared/errors.ts';
import type { PermissionReport } from '../../../shared/model.ts';
import { nearest } from '../../../shared/nearest.ts';
import type { parseRepository } from './addresses.ts';
import { type Answer, scopesOf, ssoOf, wordsOf } from './answers.ts';
import type { GitHubHttp } from './http.ts';
import type { CheckId, Finding, ReportDraft } from './report.ts';
import { visibleRepositories } from './repositories.ts';

/** What a step of the check works with. */
export interface Draft {
  draft: ReportDraft;
  http: GitHubHttp;
  signal: AbortSignal | undefined;
  tokenKind: PermissionReport['tokenKind'];
  /** Whether the account has the admin role, once known. */
  isAdmin?: boolean;
}

type Parsed = ReturnType<typeof parseRepository>;
/** Sets what it found; resolves to whether going on makes sense. */
type Step = (context: Draft, repository: Parsed) => Promise<boolean>;

/** A probe whose failure to be answered becomes the check's finding. */
async function ask(
  { draft, http, signal }: Draft,
  id: CheckId,
  route: string,
  parameters: Record<string, unknown>,
): Promise<Answer | null> {
  try {
    return await http.probe(route, parameters, signal);
  } catch (error) {
    if (!(error instanceof TracksideError)) throw error;
    draft.set(id, { status: 'unknown', detail: error.message, remedy: error.data.remedy });
    return null;
  }
}

function tokenSettings({ http, tokenKind }: Draft): string {
  const page = tokenKind === 'fine-grained' ? 'personal-access-tokens' : 'tokens';
  return `${http.address.webUrl}/settings/${page}`;
}

/** Findings that any refusal can have; null when it is the check's own matter. */
function commonRefusal(context: Draft, answer: Answer, { owner }: Parsed): Finding | null {
  const sso = ssoOf(answer, context.http.address.webUrl);
  if (sso) {
    return {
      status: 'missing',
      detail: `The organisation ${owner} asks for single sign-on, and this token is not authorised for it.`,
      remedy: 'Authorise the token for the organisation, then check again.',
      remedyUrl: sso.url ?? tokenSettings(context),
    };
  }
  if (answer.status === 401) {
    return {
      status: 'missing',
      detail: 'The token was refused in the middle of the check: it was revoked or has just expired.',
      remedy: 'Make a new token.',
      remedyUrl: tokenSettings(context),
    };
  }
  if (answer.status >= 500) {
    return {
      status: 'unknown',
      detail: `${context.http.address.host} answered with an error of its own (${answer.status}).`,
      remedy: 'Check again in a moment.',
    };
  }
  return null;
}

async function suggestion({ http, signal }: Draft, fullName: string): Promise<string | null> {
  try {
    const visible = await visibleRepositories(http, signal);
    return nearest(
      fullName,
      visible.map((choice) => choice.fullName),
    );
  } catch (error) {
    if (error instanceof TracksideError) return null;
    throw error;
  }
}

async function absentRepository(
  context: Draft,
  answer: Answer,
  { fullName, owner }: Parsed,
): Promise<Finding> {
  const meant = await suggestion(context, fullName);
  const absent = `${fullName} does not exist on ${context.http.address.host}, or the token cannot see it.`;
  if (meant) {
    return { status: 'missing', detail: absent, remedy: `Did you mean ${meant}?` };
  }
  const scopes = scopesOf(answer);
  if (scopes && !scopes.includes('repo')) {
    return {
      status: 'missing',
      detail: `${absent} Its scopes are ${scopes.join(', ') || 'none at all'}.`,
      remedy: 'If the repository is private, give the token the scope "repo".',
      remedyUrl: tokenSettings(context),
    };
  }
  return {
    status: 'missing',
    detail: absent,
    remedy:
      context.tokenKind === 'fine-grained'
        ? `Check the spelling; the token's resource owner has to be ${owner}, with ${fullName} under "Repository access".`
        : 'Check the spelling, and that your account has been invited to it.',
    remedyUrl: tokenSettings(context),
  };
}

interface RepositoryBody {
  full_name?: unknown;
  private?: unknown;
  archived?: unknown;
  permissions?: { admin?: unknown };
}

const repositoryStep: Step = async (context, repository) => {
  const { draft } = context;
  const { owner, name: repo, fullName } = repository;
  const answer = await ask(context, 'repository', 'GET /repos/{owner}/{repo}', { owner, repo });
  if (!answer) return false;
  if (answer.status !== 200) {
    const refusal = commonRefusal(context, answer, repository);
    const own =
      answer.status === 404
        ? await absentRepository(context, answer, repository)
        : {
            status: 'missing' as const,
            detail: `${fullName} is not shown to this token: ${wordsOf(answer)}`,
            remedy: "Check the token's repository access and the organisation's policies.",
            remedyUrl: tokenSettings(context),
          };
    draft.set('repository', refusal ?? own);
    return false;
  }
  const body = answer.data as RepositoryBody;
  context.isAdmin = body.permissions?.admin === true;
  if (body.archived === true) {
    draft.set('repository', {
      status: 'missing',
      detail: `${fullName} is archived: it runs no workflows and takes no runners.`,
      remedy: 'Unarchive it in its settings, or choose another.',
    });
    return false;
  }
  const now = String(body.full_name);
  const moved = now.toLowerCase() === fullName.toLowerCase() ? '' : ` (it is now called ${now})`;
  draft.set('repository', {
    status: 'ok',
    detail: `${fullName} is visible${moved}; it is ${body.private === true ? 'private' : 'public'}.`,
  });
  return true;
};

/** Why runners may not be managed, once it is known that they may not. */
function administrationRefusal(
  context: Draft,
  answer: Answer,
  repository: Parsed,
  mayRead: boolean,
): Finding {
  const { fullName } = repository;
  const scopes = scopesOf(answer);
  if (scopes && !scopes.includes('repo') && context.isAdmin !== false) {
    return {
      status: 'missing',
      detail: `The token lacks the scope "repo"; it has ${scopes.join(', ') || 'none'}.`,
      remedy: 'Give it the scope "repo".',
      remedyUrl: tokenSettings(context),
    };
  }
  if (/not accessible by/i.test(wordsOf(answer))) {
    return {
      status: 'missing',
      detail: mayRead
        ? 'The token has Administration: read-only; registering runners takes read and write.'
        : 'The token lacks the permission Administration: read and write.',
      remedy: 'Edit the token: Repository permissions → Administration → Read and write.',
      remedyUrl: tokenSettings(context),
    };
  }
  if (context.isAdmin === false) {
    return {
      status: 'missing',
      detail: `This account is no administrator of ${fullName}, and only administrators may manage its runners.`,
      remedy: 'Ask an owner to give you the Admin role, or use the token of an administrator.',
      remedyUrl: `${context.http.address.webUrl}/${fullName}/settings/access`,
    };
  }
  return {
    status: 'missing',
    detail: `${context.http.address.host} does not let this token register runners: ${wordsOf(answer)}`,
    remedy: "Check the organisation's policy on self-hosted runners.",
    remedyUrl: null,
  };
}

const administrationStep: Step = async (context, repository) => {
  const { draft } = context;
  const { owner, name: repo, fullName } = repository;
  const root = '/repos/{owner}/{repo}/actions/runners';
  const list = await ask(context, 'administration', `GET ${root}`, { owner, repo, per_page: 1 });
  if (!list) return true;
  const created = await ask(context, 'administration', `POST ${root}/registration-token`, { owner, repo });
  if (!created) return true;
  const finding =
    created.status === 201
      ? { status: 'ok' as const, detail: `Runners of ${fullName} may be listed, registered and removed.` }
      : (commonRefusal(context, created, repository) ??
        administrationRefusal(context, created, repository, list.status === 200));
  draft.set('administration', finding);
  return true;
};

/** No workflow has this id, so asking to start it starts nothing; the permission is judged before it is looked for. */
const noWorkflow = 0;

const actionsStep: Step = async (context, repository) => {
  const { draft } = context;
  const { owner, name: repo, fullName } = repository;
  const root = '/repos/{owner}/{repo}/actions';
  const list = await ask(context, 'actions', `GET ${root}/runs`, { owner, repo, per_page: 1 });
  if (!list) return true;
  const mend = {
    remedy:
      context.tokenKind === 'fine-grained'
        ? 'Edit the token: Repository permissions → Actions → Read and write.'
        : 'Give the token the scope "repo", and your account the Write role.',
    remedyUrl: tokenSettings(context),
  };
  if (list.status !== 200) {
    const detail = `The token may not read the queue of ${fullName}: it lacks Actions: read and write.`;
    draft.set('actions', commonRefusal(context, list, repository) ?? { status: 'missing', detail, ...mend });
    return true;
  }
  const start = await ask(context, 'actions', `POST ${root}/workflows/{id}/dispatches`, {
    owner,
    repo,
    id: noWorkflow,
    ref: 'HEAD',
  });
  if (start?.status === 403) {
    draft.set('actions', {
      status: 'warning',
      // Runners do their work without it: only the panel's own "start" button needs it.
      required: false,
      detail: 'The queue may be read, but workflows may not be started from here.',
      ...mend,
    });
  } else if (start) {
    draft.set('actions', {
      status: 'ok',
      detail: 'The queue may be read; starting workflows is not refused.',
    });
  }
  return true;
};

/** In the order in which they are shown. */
export const repositorySteps: readonly Step[] = [repositoryStep, administrationStep, actionsStep];
