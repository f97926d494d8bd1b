/** Where the names of this emulator's images are, among those of a Docker engine. */
export const IMAGE_FOLDER = "ai-gateway-emulator";

/** What runs when an image is started. */
export interface ContainerImage {
  /** As the application's configuration has it, such as `registry.cloudflare.com/acme/pdf:1.2.0`. */
  readonly reference: string;
  /** Folder on this machine with the image's Dockerfile. Unset: nobody said where it is. */
  readonly directory?: string;
}

export interface ContainerEngineOptions {
  /**
   * What is behind a name that workerd asks for; asked each time a container is made, so that a
   * rollout needs no new workerd.
   * @see containerImageName
   */
  readonly image: (name: string) => ContainerImage | undefined;
  /** Takes what containers print and what a person should know. @default nobody */
  readonly log?: (line: string) => void;
  /**
   * Socket of a Docker engine, which is used when it answers.
   * @default DOCKER_HOST's where it is one, or /var/run/docker.sock
   */
  readonly dockerSocket?: string;
}

/** Runs the containers behind Durable Objects: what workerd talks to in the Docker Engine's words. */
export interface ContainerEngine {
  /** What miniflare's option `containerEngine` takes. */
  socketPath(): string;
  /** Resolves when {@link socketPath} answers. */
  start(): Promise<void>;
  /** Takes notice of an image that is new behind its name; what runs the old one is stopped. */
  rollOut(name: string): Promise<void>;
  /** @throws {EmulatorError} when the image a folder's Dockerfile describes cannot be run here */
  check(directory: string): Promise<void>;
  /** Ends all containers, with everything they started. */
  close(): Promise<void>;
}

/**
 * The name by which workerd asks for the image of a class: miniflare's
 * `durableObjects[x].container.imageName`. Of the namespace and not of the image, which a rollout
 * changes while the script stays.
 */
export const containerImageName = (namespaceId: string): string =>
  `${IMAGE_FOLDER}/${namespaceId}:latest`;

/** The namespace whose image a name stands for. */
export const namespaceOfImage = (name: string): string =>
  name.slice(IMAGE_FOLDER.length + 1).replace(/:latest$/, "");
