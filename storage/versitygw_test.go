package storage_test

import (
	"testing"

	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/realparts"
)

const testSecret = "maquette-test-secret"

// versitygw starts a real S3 server on loopback with one bucket in it and
// returns how to reach that and the folder where its objects lie.
func versitygw(t *testing.T) (config storage.BucketConfig, folder string) {
	t.Helper()
	endpoint, folder := realparts.S3(t, testSecret)
	return storage.BucketConfig{
		Endpoint: endpoint, Region: realparts.Region, Name: realparts.Bucket,
		AccessKey: realparts.Access, SecretKey: testSecret,
	}, folder
}
