import type { Revision } from '../source/git.ts';

export type Labels = Readonly<Record<string, string>>;

/** An image's labels: the project's own three and their OCI twins. */
export function labelsOf(service: string, revision: Revision, builtAt: Date): Labels {
  // https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md: RFC 3339, here in UTC.
  const created = builtAt.toISOString().replace(/\.\d{3}Z$/, 'Z');
  return {
    'git.commit': revision.commit,
    'git.branch': revision.branch,
    'build.date': created,
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.ref.name': revision.branch,
    'org.opencontainers.image.revision': revision.commit,
    'org.opencontainers.image.title': service,
  };
}
