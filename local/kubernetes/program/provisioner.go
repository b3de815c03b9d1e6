package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	provisionerName = "whatsthecraic.local/hostpath"
	// What the volume controller writes on a claim that waits for the provisioner of its class:
	// https://kubernetes.io/docs/reference/labels-annotations-taints/#volume-kubernetes-io-storage-provisioner
	provisionerKey = "volume.kubernetes.io/storage-provisioner"
	// Marks a volume as ours, also for the volume controller's own deletion.
	provisionedByKey = "pv.kubernetes.io/provisioned-by"
	// The annotation of a claim whose class waits for the first pod, once the scheduler chose.
	selectedNodeKey = "volume.kubernetes.io/selected-node"
	interval        = time.Second
)

// runProvisioner gives each claim a folder of the node. Unlike the one of the controller manager,
// folders lie where they are told to and any user of a pod may write to them.
func runProvisioner() {
	kubeconfig := flag.String("kubeconfig", "", "credentials of the cluster")
	folder := flag.String("folder", "", "where the volumes lie")
	flag.Parse()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Fatalf("--kubeconfig: %v", err)
	}
	provisioner := hostPathProvisioner{client: kubernetes.NewForConfigOrDie(config), folder: *folder}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	for tick := time.Tick(interval); ; {
		if err := provisioner.reconcile(ctx); err != nil && ctx.Err() == nil {
			log.Print(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
	}
}

type hostPathProvisioner struct {
	client kubernetes.Interface
	folder string
}

func (p hostPathProvisioner) reconcile(ctx context.Context) error {
	// Version 0 is answered from the API server's watch cache, so that polling costs next to nothing.
	fromCache := meta.ListOptions{ResourceVersion: "0"}
	claims, err := p.client.CoreV1().PersistentVolumeClaims("").List(ctx, fromCache)
	if err != nil {
		return err
	}
	for _, claim := range claims.Items {
		if waitsForUs(&claim) {
			if err := p.provision(ctx, &claim); err != nil {
				return err
			}
		}
	}
	volumes, err := p.client.CoreV1().PersistentVolumes().List(ctx, fromCache)
	if err != nil {
		return err
	}
	for _, volume := range volumes.Items {
		if isReleased(&volume) {
			if err := p.remove(ctx, &volume); err != nil {
				return err
			}
		}
	}
	return nil
}

func waitsForUs(claim *core.PersistentVolumeClaim) bool {
	return claim.Status.Phase == core.ClaimPending && claim.Spec.VolumeName == "" &&
		claim.Annotations[provisionerKey] == provisionerName && claim.Annotations[selectedNodeKey] != ""
}

func isReleased(volume *core.PersistentVolume) bool {
	return volume.Annotations[provisionedByKey] == provisionerName &&
		volume.Status.Phase == core.VolumeReleased &&
		volume.Spec.PersistentVolumeReclaimPolicy == core.PersistentVolumeReclaimDelete
}

func (p hostPathProvisioner) provision(ctx context.Context, claim *core.PersistentVolumeClaim) error {
	name := "pvc-" + string(claim.UID)
	path := filepath.Join(p.folder, name)
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	if err := os.Chmod(path, 0o777); err != nil { // The umask took part of it.
		return err
	}
	volumeType := core.HostPathDirectory
	volume := &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{
			Name:        name,
			Annotations: map[string]string{provisionedByKey: provisionerName},
		},
		Spec: core.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      claim.Spec.Resources.Requests,
			PersistentVolumeReclaimPolicy: core.PersistentVolumeReclaimDelete,
			StorageClassName:              *claim.Spec.StorageClassName,
			PersistentVolumeSource: core.PersistentVolumeSource{
				HostPath: &core.HostPathVolumeSource{Path: path, Type: &volumeType},
			},
			ClaimRef: &core.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim",
				Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
		},
	}
	_, err := p.client.CoreV1().PersistentVolumes().Create(ctx, volume, meta.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

func (p hostPathProvisioner) remove(ctx context.Context, volume *core.PersistentVolume) error {
	if err := os.RemoveAll(filepath.Join(p.folder, volume.Name)); err != nil {
		return err
	}
	err := p.client.CoreV1().PersistentVolumes().Delete(ctx, volume.Name, meta.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
