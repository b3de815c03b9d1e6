/** The images that `services/Dockerfile` starts from, by its build arguments. */
export interface BaseImages {
  /** Has npm; runs on the machine that builds. */
  readonly BUILD_IMAGE: string;
  /** Gives its `node`, for the platform that the image is built for. */
  readonly NODE_IMAGE: string;
  /** What the service's image stands on: no npm, no shell. */
  readonly BASE_IMAGE: string;
}
