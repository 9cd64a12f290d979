/** A permission report as it grows, check by check. */
import type { PermissionCheck, PermissionReport } from '../../../shared/model.ts';

export type CheckId = PermissionCheck['id'];
export type Finding = Pick<PermissionCheck, 'status' | 'detail'> &
  Partial<Pick<PermissionCheck, 'remedy' | 'remedyUrl' | 'required'>>;

const titles: Record<CheckId, string> = {
  network: 'The forge answers',
  token: 'The token is accepted',
  expiry: 'The token stays valid',
  repository: 'The repository is visible',
  administration: 'May register and remove runners',
  actions: 'May read the queue and start workflows',
};

/** A token that expires soon is a warning, never in the way. */
const optional: readonly CheckId[] = ['expiry'];

export interface ReportDraft {
  set(id: CheckId, finding: Finding): void;
  who(facts: Partial<Pick<PermissionReport, 'login' | 'tokenKind' | 'expiresAt'>>): void;
  report(): PermissionReport;
}

/** Begins a report in which nothing has been found yet. Without a repository only the token itself is judged. */
export function draftReport(withRepository: boolean): ReportDraft {
  const ids: CheckId[] = ['network', 'token', 'expiry'];
  if (withRepository) ids.push('repository', 'administration', 'actions');
  let checks: PermissionCheck[] = ids.map((id) => ({
    id,
    title: titles[id],
    status: 'unknown',
    required: !optional.includes(id),
    detail: 'Not checked yet.',
    remedy: null,
    remedyUrl: null,
  }));
  let facts: Pick<PermissionReport, 'login' | 'tokenKind' | 'expiresAt'> = {
    login: null,
    tokenKind: 'unknown',
    expiresAt: null,
  };
  return {
    set(id, finding) {
      checks = checks.map((check) =>
        check.id === id ? { ...check, remedy: null, remedyUrl: null, ...finding } : check,
      );
    },
    who(more) {
      facts = { ...facts, ...more };
    },
    report: () => ({
      ...facts,
      checks,
      sufficient: checks.every(({ required, status }) => !required || status === 'ok'),
    }),
  };
}
