/** Files of a repository as they are on a branch, and the pages of the forge where they are edited. */
import { TracksideError } from '../../../shared/errors.ts';
import type { WorkflowFile } from '../forge.ts';
import { type ForgeAddress, parseRepository } from './addresses.ts';
import type { GitHubHttp } from './http.ts';
import { repositoryFacts } from './repositories.ts';
import { contentsRead, repositoryCall } from './repository-call.ts';

const workflowFolder = '.github/workflows';
/** Where GitHub looks for workflows: files of these names, not in folders below. */
const workflowName = /\.ya?ml$/;

/** One file as text; null when there is none of that path. @throws TracksideError UNKNOWN when there is no such ref */
export async function readFile(
  http: GitHubHttp,
  repository: string,
  path: string,
  ref: string | null,
  signal?: AbortSignal,
): Promise<string | null> {
  const { owner, repo, call } = repositoryCall(repository, `read ${path} of`, contentsRead, {
    subject: refSubject(path, ref),
    signal,
  });
  try {
    const { data } = await http.run(call, (request) =>
      http.octokit.rest.repos.getContent({
        owner,
        repo,
        path,
        ...(ref === null ? {} : { ref }),
        mediaType: { format: 'raw' },
        request,
      }),
    );
    return textOf(data);
  } catch (error) {
    return await absent(http, repository, ref, error, signal);
  }
}

/** All workflow files, by path. Empty where the repository has none. */
export async function workflowFiles(
  http: GitHubHttp,
  repository: string,
  ref: string | null,
  signal?: AbortSignal,
): Promise<WorkflowFile[]> {
  const { owner, repo, call } = repositoryCall(repository, 'read the workflow files of', contentsRead, {
    subject: refSubject(workflowFolder, ref),
    signal,
  });
  const list = async () => {
    const { data } = await http.run(call, (request) =>
      http.octokit.rest.repos.getContent({
        owner,
        repo,
        path: workflowFolder,
        ...(ref === null ? {} : { ref }),
        request,
      }),
    );
    return Array.isArray(data) ? data : [];
  };
  const listed = await list().catch((error: unknown) => absent(http, repository, ref, error, signal));
  const entries = (listed ?? []).filter(({ type, name }) => type === 'file' && workflowName.test(name));
  const files = await Promise.all(
    entries.map(async ({ path, html_url: url }): Promise<WorkflowFile[]> => {
      const text = await readFile(http, repository, path, ref, signal);
      return text === null ? [] : [{ path, text, url }];
    }),
  );
  return files.flat();
}

function refSubject(path: string, ref: string | null): string {
  return ref === null ? `${path} of` : `${path} on ${ref} of`;
}

/**
 * Null for a path that does not exist. "Not found" is also the answer when the ref does not exist, or when the token lost
 * sight of the repository: these are told.
 */
async function absent(
  http: GitHubHttp,
  repository: string,
  ref: string | null,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<null> {
  if (!(error instanceof TracksideError) || error.code !== 'UNKNOWN') throw error;
  const { fullName } = await repositoryFacts(http, repository, signal);
  if (ref === null) return null;
  const { owner, repo, call } = repositoryCall(fullName, `read ${ref} of`, contentsRead, {
    subject: `The branch, tag or commit ${ref} of`,
    signal,
  });
  await http.run(call, (request) => http.octokit.rest.repos.getCommit({ owner, repo, ref, request }));
  return null;
}

/** What was asked for raw; null for a folder, which comes as a list. */
function textOf(data: unknown): string | null {
  if (typeof data === 'string') return data;
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : null;
}

const inAddress = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** The page where a file is edited. */
export function editPage(address: ForgeAddress, repository: string, branch: string, path: string): string {
  const { fullName } = parseRepository(repository);
  return `${address.webUrl}/${fullName}/edit/${inAddress(branch)}/${inAddress(path)}`;
}

/** The page for a new file, its text filled in. */
export function newFilePage(
  address: ForgeAddress,
  repository: string,
  branch: string,
  path: string,
  text: string,
): string {
  const { fullName } = parseRepository(repository);
  const query = new URLSearchParams({ filename: path, value: text });
  return `${address.webUrl}/${fullName}/new/${inAddress(branch)}?${query}`;
}
