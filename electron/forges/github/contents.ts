/** Files of a repository as they are on a branch, and the pages of the forge where they are edited. */
import { TracksideError } from '../../../shared/errors.ts';
import type { WorkflowFile } from '../forge.ts';
import { type ForgeAddress, parseRepository } from './addresses.ts';
import { answerOf, wordsOf } from './answers.ts';
import type { GitHubHttp } from './http.ts';
import { repositoryFacts } from './repositories.ts';
import { contentsRead, type RepositoryCall, repositoryCall } from './repository-call.ts';

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
  const subject = `${path} of`;
  const called = repositoryCall(repository, `read ${path} of`, contentsRead, { subject, signal });
  try {
    return textOf(await getContent(http, called, path, ref, { mediaType: { format: 'raw' } }));
  } catch (error) {
    return await absent(http, repository, error, signal);
  }
}

/** All workflow files, by path. Empty where the repository has none. */
export async function workflowFiles(
  http: GitHubHttp,
  repository: string,
  ref: string | null,
  signal?: AbortSignal,
): Promise<WorkflowFile[]> {
  const subject = `${workflowFolder} of`;
  const called = repositoryCall(repository, 'read the workflow files of', contentsRead, { subject, signal });
  const listed = await getContent(http, called, workflowFolder, ref).catch((error: unknown) =>
    absent(http, repository, error, signal),
  );
  const entries = (Array.isArray(listed) ? listed : []).filter(
    ({ type, name }) => type === 'file' && workflowName.test(name),
  );
  const files = await Promise.all(
    entries.map(async ({ path, html_url: url }): Promise<WorkflowFile[]> => {
      const text = await readFile(http, repository, path, ref, signal);
      return text === null ? [] : [{ path, text, url }];
    }),
  );
  return files.flat();
}

/** What GitHub says with 404 of a branch, tag or commit that does not exist; of a path it says "Not Found". */
const noRef = /no commit found/i;

/** Asks for a file or a folder. @throws TracksideError UNKNOWN that names the ref, when that is what does not exist */
async function getContent(
  http: GitHubHttp,
  { owner, repo, call }: RepositoryCall,
  path: string,
  ref: string | null,
  more: { mediaType?: { format: 'raw' } } = {},
) {
  const { data } = await http.run(call, (request) =>
    http.octokit.rest.repos
      .getContent({ owner, repo, path, ...(ref === null ? {} : { ref }), ...more, request })
      .catch((error: unknown) => {
        const answer = answerOf(error);
        if (answer?.status !== 404 || !noRef.test(wordsOf(answer))) throw error;
        throw new RefUnknown('UNKNOWN', `${owner}/${repo} has no branch, tag or commit ${ref}.`);
      }),
  );
  return data;
}

class RefUnknown extends TracksideError {}

/** Null for a path that does not exist. "Not found" is also the answer when the token lost sight of the repository. */
async function absent(
  http: GitHubHttp,
  repository: string,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<null> {
  const isPath =
    error instanceof TracksideError && error.code === 'UNKNOWN' && !(error instanceof RefUnknown);
  if (!isPath) throw error;
  await repositoryFacts(http, repository, signal);
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
