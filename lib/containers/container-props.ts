import type { InstanceType } from "../../protocol/container-instances.js";

export interface ContainerProps {
  /** Path of the bundled module that exports the class. */
  readonly bundle: string;

  /**
   * Name of the exported class in front of the containers: a `DeclaredContainer`, which follows the props
   * below, or any class that extends `Container` of `@cloudflare/containers`.
   */
  readonly className: string;

  /**
   * Names the class had before, oldest first. Its objects keep their storage.
   * @default none
   */
  readonly renamedFrom?: readonly string[];

  /**
   * Name of the Worker that has the class, and of the container application. Another name makes new ones.
   * @default from the construct's path
   */
  readonly scriptName?: string;

  /**
   * The image, with a tag or a digest, such as `registry.cloudflare.com/<account>/pdf:1.2.0`. It must have
   * been pushed there. Another image is rolled out.
   */
  readonly image: string;

  /**
   * Folder of the image's Dockerfile. Only the emulator uses it, to run the image's program here.
   * @default none, the emulator then needs a Docker engine that can pull the image
   */
  readonly directory?: string;

  /**
   * A predefined size. Excludes `vcpu`, `memoryMib` and `diskMb`.
   * @default "lite": 1/16 vCPU, 256 MiB memory, 2 GB disk
   * @see https://developers.cloudflare.com/containers/platform-details/limits/
   */
  readonly instanceType?: InstanceType;

  /** Virtual CPUs, 1 to 4. Goes with `memoryMib` and `diskMb`. @default of the instance type */
  readonly vcpu?: number;

  /** Memory in MiB, 3072 or more per vCPU and 12288 at most. @default of the instance type */
  readonly memoryMib?: number;

  /** Disk in MB, 2000 at most per GiB of memory and 20000 at most. @default of the instance type */
  readonly diskMb?: number;

  /** Most containers at once, 1 or more. @default 20 */
  readonly maxInstances?: number;

  /**
   * TCP ports that must answer before a container counts as started. The image has to EXPOSE them.
   * @default the `defaultPort` alone
   */
  readonly ports?: readonly number[];

  /** TCP port requests go to. @default the first of `ports` */
  readonly defaultPort?: number;

  /**
   * Environment of the container's program. Readable in Terraform's state: no place for secrets.
   * @default none
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * Time without requests after which a container is stopped: a number with `s`, `m` or `h`.
   * @default "10m"
   */
  readonly sleepAfter?: string;

  /** Date of the runtime's behaviour, YYYY-MM-DD. @default that of a Worker */
  readonly compatibilityDate?: string;

  /** Behaviour of the runtime beside what its date says. @default none */
  readonly compatibilityFlags?: readonly string[];
}
