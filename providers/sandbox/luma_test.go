package sandbox_test

import "testing"

func TestLumaMakesPicture(t *testing.T) {
	s := start(t)
	g := generate(t, s, `{"model":"photon-1","prompt":"a quiet valley","aspect_ratio":"1:1"}`)
	img, format := decode(t, get(t, imageURL(t, g)).want(t, 200).body)
	if b := img.Bounds(); b.Dx() != 1024 || b.Dy() != 1024 || format != "jpeg" {
		t.Errorf("got a %v %s", b, format)
	}
}

func TestDreamlookTrains(t *testing.T) {
	s := start(t)
	job := train(t, s, `,"extract_lora":"original"`)
	t.Log(job)
	id := checkpoints(job)[0].(object)["checkpoint_id"].(string)
	ig := submitJob(t, s, "/image_gen", `{"prompt":"photo of ukj person","num_samples":2,"checkpoint_id":"`+id+`"}`)
	j := poll(t, s, "dreamlook", "/jobs/image-gen/"+ig, "success", "failure")
	t.Log(images(j))
	decode(t, get(t, images(j)[0]["url"].(string)).want(t, 200).body)
}
