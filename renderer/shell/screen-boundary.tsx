/** Keeps a fault in one screen from taking the panel away: says what happened and offers to load it again. */
import { Component, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Button, ButtonLink } from '../components/button.tsx';
import { Code } from '../components/code.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** A new address starts anew. */
export function ScreenBoundary({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  return <Boundary key={path}>{children}</Boundary>;
}

class Boundary extends Component<{ children: ReactNode }, { fault: unknown }> {
  override state: { fault: unknown } = { fault: null };

  static getDerivedStateFromError(fault: unknown): { fault: unknown } {
    return { fault };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    const message = fault instanceof Error ? fault.message : String(fault);
    return (
      <PageHeader
        title="This page broke"
        documentTitle="Fault"
        sub={
          <>
            Runners and jobs are not touched by it. What happened: <Code>{message}</Code>
          </>
        }
        actions={
          <>
            <ButtonLink href="#/">Go to the overview</ButtonLink>
            <Button kind="primary" onClick={() => window.location.reload()}>
              Load it again
            </Button>
          </>
        }
      />
    );
  }
}
