/** What a registry asks for; for ECR the user is `AWS` and the password the authorization token's. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The credentials for a registry by its host, or none for anonymous access. */
export type CredentialsOf = (host: string) => Credentials | undefined;
