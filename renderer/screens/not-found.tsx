/** For an address that is none of the panel's. */
import { ButtonLink } from '../components/button.tsx';
import { PageHeader } from '../components/page-header.tsx';

export function NotFoundScreen() {
  return (
    <PageHeader
      title="The panel has no such page"
      documentTitle="Not found"
      sub="The address may be from another version, or it was cut off on the way."
      actions={<ButtonLink href="#/">Go to the overview</ButtonLink>}
    />
  );
}
