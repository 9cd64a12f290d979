/** Where a token with the needed permissions is made. */
import type { ForgeAddress } from './addresses.ts';

export interface TokenPage {
  url: string;
  /** What the link fills in. */
  prefilled: string[];
  /** What a person still has to do there, in order. */
  byHand: string[];
}

const expiresInDays = 90;

/**
 * What Trackside needs, by parameter name: registering and removing runners takes Administration; the queue, logs and
 * starting workflows take Actions; a workflow's input fields are read from its file with Contents.
 */
const permissions = [
  { parameter: 'administration', level: 'write', title: 'Administration: read and write' },
  { parameter: 'actions', level: 'write', title: 'Actions: read and write' },
  { parameter: 'contents', level: 'read', title: 'Contents: read-only' },
] as const;

/**
 * The page for a new fine-grained token. github.com and ghe.com fill it in from the link ("Pre-filling fine-grained
 * personal access token details using URL parameters", GitHub Docs); an Enterprise Server (3.10 or newer has the page)
 * does not. Which repositories the token is for cannot be filled in anywhere.
 */
export function tokenPage(
  address: ForgeAddress,
  repository: { owner: string; fullName: string } | null,
): TokenPage {
  const url = new URL(`${address.webUrl}/settings/personal-access-tokens/new`);
  const chooseRepository = repository
    ? `Under "Repository access" choose "Only select repositories" and then ${repository.fullName}.`
    : 'Under "Repository access" choose "Only select repositories" and then those that are to have runners.';
  const generate = 'Press "Generate token", copy the token, and paste it here.';
  if (address.product === 'server') {
    return {
      url: url.href,
      prefilled: [],
      byHand: [
        'Name the token, for example "Trackside", and choose when it expires.',
        ...(repository ? [`As "Resource owner" choose ${repository.owner}.`] : []),
        chooseRepository,
        `Under "Repository permissions" set ${permissions.map(({ title }) => title).join('; ')}.`,
        generate,
      ],
    };
  }
  url.searchParams.set('name', repository ? `Trackside ${repository.fullName}`.slice(0, 40) : 'Trackside');
  url.searchParams.set(
    'description',
    'Registers runners of this machine, shows their queue and starts workflows',
  );
  if (repository) url.searchParams.set('target_name', repository.owner);
  url.searchParams.set('expires_in', String(expiresInDays));
  for (const { parameter, level } of permissions) url.searchParams.set(parameter, level);
  return {
    url: url.href,
    prefilled: [
      'Name and description',
      ...(repository ? [`Resource owner: ${repository.owner}`] : []),
      `Expiration: ${expiresInDays} days`,
      ...permissions.map(({ title }) => title),
    ],
    byHand: [
      ...(repository ? [] : ['As "Resource owner" choose who owns the repositories.']),
      chooseRepository,
      generate,
    ],
  };
}
