import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Schemas } from '../api/schemas';
import { Page, Section } from '../parts/page';
import { State, WhenLoaded } from '../parts/states';
import { Table } from '../parts/table';
import { RelativeTime } from '../parts/time';
import { useLoad } from '../state/use-load';
import { PolicyEditor } from './policy-editor';
import { PolicyText } from './policy-text';
import { PolicyWhy } from './policy-why';

type Version = Schemas['PolicyVersionBody'];

const FIRST_POLICY = `# What is not granted is refused and not shown.
grants:
  - to: everyone
    may: [acquire]
    on: ["*"]
`;

/** For administrators: who may do what. */
export function Policy(): JSX.Element {
  const [isEditing, setEditing] = useState(false);
  const policy = useLoad('policy', () => ask(api.GET('/admin/policy')));
  const versions = useLoad('versions', () => ask(api.GET('/admin/policy/versions')));
  const leave = (): void => {
    setEditing(false);
    void policy.reload();
    void versions.reload();
  };
  return (
    <Page
      title="Policy"
      actions={
        policy.data === null || isEditing ? null : (
          <button type="button" onClick={() => setEditing(true)}>
            {policy.data.text === null ? 'Write a policy' : 'Edit'}
          </button>
        )
      }
    >
      <WhenLoaded what="the policy" of={policy}>
        {(current) =>
          isEditing ? (
            <PolicyEditor current={current} initial={current.text ?? FIRST_POLICY} onLeave={leave} />
          ) : (
            <InForce current={current} />
          )
        }
      </WhenLoaded>
      {isEditing ? null : (
        <>
          <Section title="Why may a user do something?">
            <PolicyWhy />
          </Section>
          <Section title="Versions">
            <WhenLoaded what="the versions" of={versions}>
              {({ versions: rows }) =>
                rows.length === 0 ? (
                  <p class="faint">There has been no policy yet.</p>
                ) : (
                  <Versions rows={rows} current={policy.data} />
                )
              }
            </WhenLoaded>
          </Section>
        </>
      )}
    </Page>
  );
}

function InForce({ current }: { readonly current: Version }): JSX.Element {
  if (current.text === null) {
    return (
      <State icon="policy" title="No policy is in force.">
        <p>Every signed-in user may see and acquire every lock. Only administrators may break locks.</p>
      </State>
    );
  }
  return (
    <>
      <p class="lead">
        Version {current.version}, applied by {current.applied_by ?? 'unknown'}{' '}
        {current.applied_at === null ? null : <RelativeTime at={current.applied_at} />}.
      </p>
      <PolicyText text={current.text} />
    </>
  );
}

interface VersionsProps {
  readonly rows: readonly Schemas['PolicyVersionSummary'][];
  readonly current: Version | null;
}

function Versions({ rows, current }: VersionsProps): JSX.Element {
  const [shown, setShown] = useState<number | null>(null);
  return (
    <>
      <Table
        label="Versions of the policy"
        rows={rows}
        keyOf={({ version }) => String(version)}
        columns={[
          { title: 'Version', kind: 'number', cell: ({ version }) => version },
          { title: 'What', cell: ({ removed }) => (removed ? 'removed' : 'applied') },
          { title: 'By', cell: ({ applied_by }) => applied_by ?? 'unknown' },
          {
            title: 'When',
            cell: ({ applied_at }) => (applied_at === null ? '–' : <RelativeTime at={applied_at} />),
          },
          {
            title: 'Actions',
            isUntitled: true,
            kind: 'buttons',
            cell: ({ version, removed }) =>
              removed || version === current?.version ? null : (
                <button
                  type="button"
                  class="small"
                  aria-expanded={shown === version}
                  onClick={() => setShown(shown === version ? null : version)}
                >
                  Compare
                </button>
              ),
          },
        ]}
      />
      {shown === null ? null : <OldVersion version={shown} current={current} />}
    </>
  );
}

function OldVersion({
  version,
  current,
}: {
  readonly version: number;
  readonly current: Version | null;
}): JSX.Element {
  const old = useLoad(`version ${version}`, () =>
    ask(api.GET('/admin/policy/versions/{version}', { params: { path: { version } } })),
  );
  return (
    <Section title={`From version ${version} to the one in force`}>
      <WhenLoaded what="the version" of={old}>
        {({ text }) => <PolicyText text={current?.text ?? ''} before={text ?? ''} />}
      </WhenLoaded>
    </Section>
  );
}
