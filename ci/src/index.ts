/**
 * Builds, deploys and verifies the WhatsTheCraic platform, the same way on a laptop and in CI.
 *
 * The six services become images named by what is in them, the manifests below k8s/ are applied once,
 * and a release counts only when every new pod answers with it.
 */
import {
  argument,
  type Container,
  type Directory,
  type File,
  func,
  type GitRepository,
  object,
  type Secret,
} from '@dagger.io/dagger';
import { failure } from './engine/failure.ts';
import { Given } from './engine/given.ts';
import { buildService, checkSources, labelService, pushImages } from './engine/image-functions.ts';
import {
  diagnoseServices,
  listReleases,
  makeReport,
  showLogs,
  showStatus,
  verifyServices,
} from './engine/look-functions.ts';
import { deployRelease, planRelease, rollBack } from './engine/release-functions.ts';

const productionRegistry = '385017713886.dkr.ecr.eu-west-1.amazonaws.com';

/** Builds, deploys and verifies the six services of WhatsTheCraic. */
@object()
export class Whatsthecraic {
  /**
   * Says whether a change is fit to be merged: types, lint, unit tests, and all images built for
   * both platforms. Pushes nothing, needs no secret, and fails with everything that is wrong.
   *
   * @param source Folder of the repository; the present one unless told.
   * @param buildImage Image with npm to build in, in place of the Dockerfile's BUILD_IMAGE.
   * @param nodeImage Image to take Node from, in place of the Dockerfile's NODE_IMAGE.
   * @param baseImage Image to stand on, in place of the Dockerfile's BASE_IMAGE.
   */
  @func({ cache: 'never' })
  async check(
    @argument({ defaultPath: '/', ignore: ['.git', '**/node_modules', '**/dist'] })
    source: Directory,
    buildImage?: string,
    nodeImage?: string,
    baseImage?: string,
  ): Promise<string> {
    const given = new Given({ source, buildImage, nodeImage, baseImage });
    return checkSources(given).catch(failure);
  }

  /**
   * Builds the image of one service and gives back the container.
   *
   * @param service Name of the service: aggregator, auth-service, events-service, dj-service, venue-service or ml-service.
   * @param source Folder of the repository; the present one unless told.
   * @param repo Git checkout that tells commit and branch; the present one unless told.
   * @param commit Full SHA to bake in, in place of the checkout's.
   * @param branch Branch, in place of the checkout's; needed with a detached checkout.
   * @param buildImage Image with npm to build in, in place of the Dockerfile's BUILD_IMAGE.
   * @param nodeImage Image to take Node from, in place of the Dockerfile's NODE_IMAGE.
   * @param baseImage Image to stand on, in place of the Dockerfile's BASE_IMAGE.
   * @param platform linux/amd64 or linux/arm64; the engine's own unless told.
   */
  @func({ cache: 'never' })
  async build(
    service: string,
    @argument({ defaultPath: '/', ignore: ['.git', '**/node_modules', '**/dist'] })
    source: Directory,
    @argument({ defaultPath: '/' })
    repo: GitRepository,
    commit?: string,
    branch?: string,
    buildImage?: string,
    nodeImage?: string,
    baseImage?: string,
    platform?: string,
  ): Promise<Container> {
    const given = new Given({
      source,
      repo,
      commit,
      branch,
      buildImage,
      nodeImage,
      baseImage,
      platform,
    });
    return buildService(given, service).catch(failure);
  }

  /**
   * Builds the image of one service and labels it with git.commit, git.branch, build.date (ISO 8601,
   * UTC) and their org.opencontainers.image.* twins.
   *
   * @param service Name of the service: aggregator, auth-service, events-service, dj-service, venue-service or ml-service.
   * @param source Folder of the repository; the present one unless told.
   * @param repo Git checkout that tells commit and branch; the present one unless told.
   * @param commit Full SHA to bake in, in place of the checkout's.
   * @param branch Branch, in place of the checkout's; needed with a detached checkout.
   * @param buildImage Image with npm to build in, in place of the Dockerfile's BUILD_IMAGE.
   * @param nodeImage Image to take Node from, in place of the Dockerfile's NODE_IMAGE.
   * @param baseImage Image to stand on, in place of the Dockerfile's BASE_IMAGE.
   * @param platform linux/amd64 or linux/arm64; the engine's own unless told.
   */
  @func({ cache: 'never' })
  async label(
    service: string,
    @argument({ defaultPath: '/', ignore: ['.git', '**/node_modules', '**/dist'] })
    source: Directory,
    @argument({ defaultPath: '/' })
    repo: GitRepository,
    commit?: string,
    branch?: string,
    buildImage?: string,
    nodeImage?: string,
    baseImage?: string,
    platform?: string,
  ): Promise<Container> {
    const given = new Given({
      source,
      repo,
      commit,
      branch,
      buildImage,
      nodeImage,
      baseImage,
      platform,
    });
    return labelService(given, service).catch(failure);
  }

  /**
   * Sees to it that the registry has the images of the six services and of the migrations, and gives
   * back their digests.
   *
   * What has been built before, from the same inputs, is not built again. A clean checkout's commit
   * SHA becomes a second tag of each.
   *
   * @param source Folder of the repository; the present one unless told.
   * @param repo Git checkout that tells commit and branch; the present one unless told.
   * @param registry Registry as host[:port][/prefix]; a repository is <prefix>/<service>, the prefix whatsthecraic unless told. http:// before it speaks plain HTTP.
   * @param registryUser User of the registry; not needed for Amazon ECR.
   * @param registryPassword Password of that user.
   * @param region AWS region of the registry.
   * @param awsAccessKeyId AWS access key id, for Amazon ECR.
   * @param awsSecretAccessKey AWS secret access key.
   * @param awsSessionToken AWS session token, with temporary credentials.
   * @param awsEndpoint Base URL in place of AWS' own endpoints.
   * @param commit Full SHA to bake in, in place of the checkout's.
   * @param branch Branch, in place of the checkout's; needed with a detached checkout.
   * @param platforms Platforms to build for; with both, one name stands for the two.
   * @param buildImage Image with npm to build in, in place of the Dockerfile's BUILD_IMAGE.
   * @param nodeImage Image to take Node from, in place of the Dockerfile's NODE_IMAGE.
   * @param baseImage Image to stand on, in place of the Dockerfile's BASE_IMAGE.
   * @param format text for people, json for programs.
   */
  @func({ cache: 'never' })
  async push(
    @argument({ defaultPath: '/', ignore: ['.git', '**/node_modules', '**/dist'] })
    source: Directory,
    @argument({ defaultPath: '/' })
    repo: GitRepository,
    registry: string = productionRegistry,
    registryUser?: string,
    registryPassword?: Secret,
    region: string = 'eu-west-1',
    awsAccessKeyId?: Secret,
    awsSecretAccessKey?: Secret,
    awsSessionToken?: Secret,
    awsEndpoint?: string,
    commit?: string,
    branch?: string,
    platforms: string[] = ['linux/amd64', 'linux/arm64'],
    buildImage?: string,
    nodeImage?: string,
    baseImage?: string,
    format: string = 'text',
  ): Promise<string> {
    const given = new Given({
      source,
      repo,
      commit,
      branch,
      platforms,
      buildImage,
      nodeImage,
      baseImage,
      registry: { registry, user: registryUser, password: registryPassword },
      aws: {
        region,
        accessKeyId: awsAccessKeyId,
        secretAccessKey: awsSecretAccessKey,
        sessionToken: awsSessionToken,
        endpoint: awsEndpoint,
      },
    });
    return pushImages(given, format).catch(failure);
  }

  /**
   * Brings the present commit onto a cluster: builds and pushes what is new, applies the overlay's
   * manifests once, watches all six rollouts together and verifies the health of every new pod,
   * Service and ingress host by the release that answers. Fails, and says why, unless all are proven.
   *
   * The target is an EC2 instance over AWS Systems Manager (instance-id) or any Kubernetes (kubeconfig).
   *
   * @param source Folder of the repository; the present one unless told.
   * @param repo Git checkout that tells commit and branch; the present one unless told.
   * @param overlay Folder of k8s/overlays: production, staging or local.
   * @param instanceId EC2 instance that runs k3s, such as i-077f139e329506bf5.
   * @param kubeconfig Kubeconfig of another cluster, in place of an instance.
   * @param registry Registry as host[:port][/prefix]; a repository is <prefix>/<service>, the prefix whatsthecraic unless told. http:// before it speaks plain HTTP.
   * @param registryUser User of the registry; not needed for Amazon ECR.
   * @param registryPassword Password of that user.
   * @param region AWS region of the instance and the registry.
   * @param awsAccessKeyId AWS access key id, for SSM and Amazon ECR.
   * @param awsSecretAccessKey AWS secret access key.
   * @param awsSessionToken AWS session token, with temporary credentials.
   * @param awsEndpoint Base URL in place of AWS' own endpoints.
   * @param commit Full SHA to bake in, in place of the checkout's.
   * @param branch Branch, in place of the checkout's; needed with a detached checkout.
   * @param soak Seconds for which all must stay healthy; 60 in production, else 5.
   * @param platforms Platforms to build for; with both, one name stands for the two.
   * @param buildImage Image with npm to build in, in place of the Dockerfile's BUILD_IMAGE.
   * @param nodeImage Image to take Node from, in place of the Dockerfile's NODE_IMAGE.
   * @param baseImage Image to stand on, in place of the Dockerfile's BASE_IMAGE.
   * @param kubectl Program to render manifests and speak to the kubeconfig's cluster, in place of registry.k8s.io/kubectl's.
   * @param wait Seconds to wait for somebody else who changes the platform; a dead one is given up after a minute.
   * @param by Who asks, for the record and for whoever has to wait, such as a name or a run's address.
   * @param adopt Take over what others have set or made on the cluster: their values of our fields, and Deployments whose selectors differ, whose pods go on serving until the new ones are proven.
   * @param expect Fingerprint of the plan that was agreed to, as `plan` ends with; any other plan is refused.
   * @param format text for people, json for programs.
   */
  @func({ cache: 'never' })
  async deploy(
    @argument({ defaultPath: '/', ignore: ['.git', '**/node_modules', '**/dist'] })
    source: Directory,
    @argument({ defaultPath: '/' })
    repo: GitRepository,
    overlay: string = 'production',
    instanceId?: string,
    kubeconfig?: Secret,
    registry: string = productionRegistry,
    registryUser?: string,
    registryPassword?: Secret,
    region: string = 'eu-west-1',
    awsAccessKeyId?: Secret,
    awsSecretAccessKey?: Secret,
    awsSessionToken?: Secret,
    awsEndpoint?: string,
    commit?: string,
    branch?: string,
    soak?: number,
    platforms: string[] = ['linux/amd64', 'linux/arm64'],
    buildImage?: string,
    nodeImage?: string,
    baseImage?: string,
    kubectl?: File,
    wait: number = 90,
    by?: string,
    adopt: boolean = false,
    expect?: string,
    format: string = 'text',
  ): Promise<string> {
    const given = new Given({
      source,
      repo,
      commit,
      branch,
      platforms,
      buildImage,
      nodeImage,
      baseImage,
      registry: { registry, user: registryUser, password: registryPassword },
      aws: {
        region,
        accessKeyId: awsAccessKeyId,
        secretAccessKey: awsSecretAccessKey,
        sessionToken: awsSessionToken,
        endpoint: awsEndpoint,
      },
      target: { instanceId, kubeconfig, kubectl },
    });
    return deployRelease(given, { overlay, soak, wait, by, adopt, expect, format }).catch(failure);
  }

  /**
   * Tells what `deploy` with the same arguments would do, and changes nothing anywhere: which images
   * it would build, which services would roll and why, every field that would change, what was changed
   * by hand, what is left over. Fails, naming all obstacles at once, only where a deploy could not work.
   *
   * @param source Folder of the repository; the present one unless told.
   * @param repo Git checkout that tells commit and branch; the present one unless told.
   * @param overlay Folder of k8s/overlays: production, staging or local.
   * @param instanceId EC2 instance that runs k3s, such as i-077f139e329506bf5.
   * @param kubeconfig Kubeconfig of another cluster, in place of an instance.
   * @param registry Registry as host[:port][/prefix]; a repository is <prefix>/<service>, the prefix whatsthecraic unless told. http:// before it speaks plain HTTP.
   * @param registryUser User of the registry; not needed for Amazon ECR.
   * @param registryPassword Password of that user.
   * @param region AWS region of the instance and the registry.
   * @param awsAccessKeyId AWS access key id, for SSM and Amazon ECR.
   * @param awsSecretAccessKey AWS secret access key.
   * @param awsSessionToken AWS session token, with temporary credentials.
   * @param awsEndpoint Base URL in place of AWS' own endpoints.
   * @param commit Full SHA to bake in, in place of the checkout's.
   * @param branch Branch, in place of the checkout's; needed with a detached checkout.
   * @param platforms Platforms to build for; with both, one name stands for the two.
   * @param buildImage Image with npm to build in, in place of the Dockerfile's BUILD_IMAGE.
   * @param nodeImage Image to take Node from, in place of the Dockerfile's NODE_IMAGE.
   * @param baseImage Image to stand on, in place of the Dockerfile's BASE_IMAGE.
   * @param kubectl Program to render manifests and speak to the kubeconfig's cluster, in place of registry.k8s.io/kubectl's.
   * @param adopt Take over what others have set or made on the cluster: their values of our fields, and Deployments whose selectors differ, whose pods go on serving until the new ones are proven.
   * @param format text for people, json for programs.
   */
  @func({ cache: 'never' })
  async plan(
    @argument({ defaultPath: '/', ignore: ['.git', '**/node_modules', '**/dist'] })
    source: Directory,
    @argument({ defaultPath: '/' })
    repo: GitRepository,
    overlay: string = 'production',
    instanceId?: string,
    kubeconfig?: Secret,
    registry: string = productionRegistry,
    registryUser?: string,
    registryPassword?: Secret,
    region: string = 'eu-west-1',
    awsAccessKeyId?: Secret,
    awsSecretAccessKey?: Secret,
    awsSessionToken?: Secret,
    awsEndpoint?: string,
    commit?: string,
    branch?: string,
    platforms: string[] = ['linux/amd64', 'linux/arm64'],
    buildImage?: string,
    nodeImage?: string,
    baseImage?: string,
    kubectl?: File,
    adopt: boolean = false,
    format: string = 'text',
  ): Promise<string> {
    const given = new Given({
      source,
      repo,
      commit,
      branch,
      platforms,
      buildImage,
      nodeImage,
      baseImage,
      registry: { registry, user: registryUser, password: registryPassword },
      aws: {
        region,
        accessKeyId: awsAccessKeyId,
        secretAccessKey: awsSecretAccessKey,
        sessionToken: awsSessionToken,
        endpoint: awsEndpoint,
      },
      target: { instanceId, kubeconfig, kubectl },
    });
    return planRelease(given, { overlay, adopt, format }).catch(failure);
  }

  /**
   * Asks all six services for their health from every pod, Service and ingress host, and checks that
   * the release which answers is the one last deployed. At most six attempts in five and a half
   * minutes; fails unless all are healthy.
   *
   * @param overlay Folder of k8s/overlays that was deployed there: production, staging or local.
   * @param instanceId EC2 instance that runs k3s, such as i-077f139e329506bf5.
   * @param kubeconfig Kubeconfig of another cluster, in place of an instance.
   * @param region AWS region of the instance.
   * @param awsAccessKeyId AWS access key id.
   * @param awsSecretAccessKey AWS secret access key.
   * @param awsSessionToken AWS session token, with temporary credentials.
   * @param awsEndpoint Base URL in place of AWS' own endpoints.
   * @param soak Seconds for which all must stay healthy; none unless told.
   * @param kubectl Program to speak to the kubeconfig's cluster, in place of registry.k8s.io/kubectl's.
   * @param format text for people, json for programs.
   */
  @func({ cache: 'never' })
  async verifyHealth(
    overlay: string = 'production',
    instanceId?: string,
    kubeconfig?: Secret,
    region: string = 'eu-west-1',
    awsAccessKeyId?: Secret,
    awsSecretAccessKey?: Secret,
    awsSessionToken?: Secret,
    awsEndpoint?: string,
    soak: number = 0,
    kubectl?: File,
    format: string = 'text',
  ): Promise<string> {
    const given = new Given({
      aws: {
        region,
        accessKeyId: awsAccessKeyId,
        secretAccessKey: awsSecretAccessKey,
        sessionToken: awsSessionToken,
        endpoint: awsEndpoint,
      },
      target: { instanceId, kubeconfig, kubectl },
    });
    return verifyServices(given, { overlay, soak, format }).catch(failure);
  }

  /**
   * Applies again what an earlier release had proven, config included, and verifies it as a new
   * release: the proven one before that which serves, unless told. Secrets are not part of a release;
   * pods start with their present values. Fails, and says why, unless all is proven.
   *
   * @param overlay Folder of k8s/overlays that was deployed there: production, staging or local.
   * @param to Id of the release to go back to, as `releases` lists it; only a proven one is taken.
   * @param service Names of the services to take back, all unless told. The critical ones, aggregator, auth-service and events-service, go together.
   * @param instanceId EC2 instance that runs k3s, such as i-077f139e329506bf5.
   * @param kubeconfig Kubeconfig of another cluster, in place of an instance.
   * @param region AWS region of the instance.
   * @param awsAccessKeyId AWS access key id.
   * @param awsSecretAccessKey AWS secret access key.
   * @param awsSessionToken AWS session token, with temporary credentials.
   * @param awsEndpoint Base URL in place of AWS' own endpoints.
   * @param soak Seconds for which all must stay healthy; 60 in production, else 5.
   * @param kubectl Program to speak to the kubeconfig's cluster, in place of registry.k8s.io/kubectl's.
   * @param wait Seconds to wait for somebody else who changes the platform; a dead one is given up after a minute.
   * @param by Who asks, for the record and for whoever has to wait, such as a name or a run's address.
   * @param format text for people, json for programs.
   */
  @func({ cache: 'never' })
  async rollback(
    overlay: string = 'production',
    to?: string,
    service: string[] = [],
    instanceId?: string,
    kubeconfig?: Secret,
    region: string = 'eu-west-1',
    awsAccessKeyId?: Secret,
    awsSecretAccessKey?: Secret,
    awsSessionToken?: Secret,
    awsEndpoint?: string,
    soak?: number,
    kubectl?: File,
    wait: number = 90,
    by?: string,
    format: string = 'text',
  ): Promise<string> {
    const given = new Given({
      aws: {
        region,
        accessKeyId: awsAccessKeyId,
        secretAccessKey: awsSecretAccessKey,
        sessionToken: awsSessionToken,
        endpoint: awsEndpoint,
      },
      target: { instanceId, kubeconfig, kubectl },
    });
    return rollBack(given, { overlay, to, services: service, soak, wait, by, format }).catch(
      failure,
    );
  }

  /**
   * Lists the releases that the cluster has on record, the newest first: what became of each, of
   * which commit it was made, and where it went back to.
   *
   * @param overlay Folder of k8s/overlays that was deployed there: production, staging or local.
   * @param instanceId EC2 instance that runs k3s, such as i-077f139e329506bf5.
   * @param kubeconfig Kubeconfig of another cluster, in place of an instance.
   * @param region AWS region of the instance.
   * @param awsAccessKeyId AWS access key id.
   * @param awsSecretAccessKey AWS secret access key.
   * @param awsSessionToken AWS session token, with temporary credentials.
   * @param awsEndpoint Base URL in place of AWS' own endpoints.
   * @param kubectl Program to speak to the kubeconfig's cluster, in place of registry.k8s.io/kubectl's.
   * @param format text for people, json for programs.
   */
  @func({ cache: 'never' })
  async releases(
    overlay: string = 'production',
    instanceId?: string,
    kubeconfig?: Secret,
    region: string = 'eu-west-1',
    awsAccessKeyId?: Secret,
    awsSecretAccessKey?: Secret,
    awsSessionToken?: Secret,
    awsEndpoint?: string,
    kubectl?: File,
    format: string = 'text',
  ): Promise<string> {
    const given = new Given({
      aws: {
        region,
        accessKeyId: awsAccessKeyId,
        secretAccessKey: awsSecretAccessKey,
        sessionToken: awsSessionToken,
        endpoint: awsEndpoint,
      },
      target: { instanceId, kubeconfig, kubectl },
    });
    return listReleases(given, { overlay, format }).catch(failure);
  }

  /**
   * Says what is wrong on the platform right now, by the judge of a deploy: the code, what proves it,
   * the log of the container that shows it, and what to do; or that nothing is wrong. Changes nothing.
   *
   * @param service Names of the services to look at, all unless told.
   * @param overlay Folder of k8s/overlays that was deployed there: production, staging or local.
   * @param instanceId EC2 instance that runs k3s, such as i-077f139e329506bf5.
   * @param kubeconfig Kubeconfig of another cluster, in place of an instance.
   * @param region AWS region of the instance.
   * @param awsAccessKeyId AWS access key id.
   * @param awsSecretAccessKey AWS secret access key.
   * @param awsSessionToken AWS session token, with temporary credentials.
   * @param awsEndpoint Base URL in place of AWS' own endpoints.
   * @param kubectl Program to speak to the kubeconfig's cluster, in place of registry.k8s.io/kubectl's.
   * @param format text for people, json for programs.
   */
  @func({ cache: 'never' })
  async diagnose(
    overlay: string = 'production',
    service: string[] = [],
    instanceId?: string,
    kubeconfig?: Secret,
    region: string = 'eu-west-1',
    awsAccessKeyId?: Secret,
    awsSecretAccessKey?: Secret,
    awsSessionToken?: Secret,
    awsEndpoint?: string,
    kubectl?: File,
    format: string = 'text',
  ): Promise<string> {
    const given = new Given({
      aws: {
        region,
        accessKeyId: awsAccessKeyId,
        secretAccessKey: awsSecretAccessKey,
        sessionToken: awsSessionToken,
        endpoint: awsEndpoint,
      },
      target: { instanceId, kubeconfig, kubectl },
    });
    return diagnoseServices(given, { overlay, services: service, format }).catch(failure);
  }

  /**
   * Gives the logs of the services' containers, those of old pods and init containers too. Secrets are
   * hidden; what is left out is said.
   *
   * @param service Names of the services, all unless told.
   * @param previous Of the containers that ended before the present ones.
   * @param tail Lines of each container, the last ones; 2000 at most.
   * @param since Only what is newer than this: 30s, 10m, 2h.
   * @param overlay Folder of k8s/overlays that was deployed there: production, staging or local.
   * @param instanceId EC2 instance that runs k3s, such as i-077f139e329506bf5.
   * @param kubeconfig Kubeconfig of another cluster, in place of an instance.
   * @param region AWS region of the instance.
   * @param awsAccessKeyId AWS access key id.
   * @param awsSecretAccessKey AWS secret access key.
   * @param awsSessionToken AWS session token, with temporary credentials.
   * @param awsEndpoint Base URL in place of AWS' own endpoints.
   * @param kubectl Program to speak to the kubeconfig's cluster, in place of registry.k8s.io/kubectl's.
   * @param format text for people, json for programs.
   */
  @func({ cache: 'never' })
  async logs(
    overlay: string = 'production',
    service: string[] = [],
    previous: boolean = false,
    tail: number = 100,
    since?: string,
    instanceId?: string,
    kubeconfig?: Secret,
    region: string = 'eu-west-1',
    awsAccessKeyId?: Secret,
    awsSecretAccessKey?: Secret,
    awsSessionToken?: Secret,
    awsEndpoint?: string,
    kubectl?: File,
    format: string = 'text',
  ): Promise<string> {
    const given = new Given({
      aws: {
        region,
        accessKeyId: awsAccessKeyId,
        secretAccessKey: awsSecretAccessKey,
        sessionToken: awsSessionToken,
        endpoint: awsEndpoint,
      },
      target: { instanceId, kubeconfig, kubectl },
    });
    const asked = { overlay, services: service, previous, tail, since, format };
    return showLogs(given, asked).catch(failure);
  }

  /**
   * Tells how the platform is, in two round trips: which release serves and since when, what each
   * service runs and uses, the autoscalers, hosts and nodes, a release under way, how the last one
   * ended; and in one line whether all is well. What could not be asked is named.
   *
   * @param overlay Folder of k8s/overlays that was deployed there: production, staging or local.
   * @param instanceId EC2 instance that runs k3s, such as i-077f139e329506bf5.
   * @param kubeconfig Kubeconfig of another cluster, in place of an instance.
   * @param region AWS region of the instance.
   * @param awsAccessKeyId AWS access key id.
   * @param awsSecretAccessKey AWS secret access key.
   * @param awsSessionToken AWS session token, with temporary credentials.
   * @param awsEndpoint Base URL in place of AWS' own endpoints.
   * @param kubectl Program to speak to the kubeconfig's cluster, in place of registry.k8s.io/kubectl's.
   * @param wait Seconds to wait whether a release that is under way goes on; a dead one is taken to its end.
   * @param format text for people, json for programs.
   */
  @func({ cache: 'never' })
  async status(
    overlay: string = 'production',
    instanceId?: string,
    kubeconfig?: Secret,
    region: string = 'eu-west-1',
    awsAccessKeyId?: Secret,
    awsSecretAccessKey?: Secret,
    awsSessionToken?: Secret,
    awsEndpoint?: string,
    kubectl?: File,
    wait: number = 0,
    format: string = 'text',
  ): Promise<string> {
    const given = new Given({
      aws: {
        region,
        accessKeyId: awsAccessKeyId,
        secretAccessKey: awsSecretAccessKey,
        sessionToken: awsSessionToken,
        endpoint: awsEndpoint,
      },
      target: { instanceId, kubeconfig, kubectl },
    });
    return showStatus(given, { overlay, wait, format }).catch(failure);
  }

  /**
   * Gives the report of a release as files: report.json with its schema, junit.xml, summary.md for a
   * workflow's page, and report.html, which draws the rollout on a time axis.
   *
   * @param release Id of the release, as `releases` lists it; the newest unless told.
   * @param overlay Folder of k8s/overlays that was deployed there: production, staging or local.
   * @param instanceId EC2 instance that runs k3s, such as i-077f139e329506bf5.
   * @param kubeconfig Kubeconfig of another cluster, in place of an instance.
   * @param region AWS region of the instance.
   * @param awsAccessKeyId AWS access key id.
   * @param awsSecretAccessKey AWS secret access key.
   * @param awsSessionToken AWS session token, with temporary credentials.
   * @param awsEndpoint Base URL in place of AWS' own endpoints.
   * @param kubectl Program to speak to the kubeconfig's cluster, in place of registry.k8s.io/kubectl's.
   */
  @func({ cache: 'never' })
  async report(
    release?: string,
    overlay: string = 'production',
    instanceId?: string,
    kubeconfig?: Secret,
    region: string = 'eu-west-1',
    awsAccessKeyId?: Secret,
    awsSecretAccessKey?: Secret,
    awsSessionToken?: Secret,
    awsEndpoint?: string,
    kubectl?: File,
  ): Promise<Directory> {
    const given = new Given({
      aws: {
        region,
        accessKeyId: awsAccessKeyId,
        secretAccessKey: awsSecretAccessKey,
        sessionToken: awsSessionToken,
        endpoint: awsEndpoint,
      },
      target: { instanceId, kubeconfig, kubectl },
    });
    return makeReport(given, { overlay, release }).catch(failure);
  }
}
