// Trained models: small but valid .safetensors files.
// https://huggingface.co/docs/safetensors: 8 bytes header length, JSON header, tensor data.

package sandbox

import (
	"encoding/binary"
	"encoding/json"
	"math/rand/v2"
	"strconv"
)

type tensor struct {
	Type    string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

// safetensors is a file before its data is filled in.
type safetensors struct {
	header []byte
	data   int // bytes
	seed   uint64
}

// modelFile is a checkpoint's file, the same every time it is asked for.
func modelFile(j dreamlookJob, c checkpoint) safetensors {
	shapes := map[string][]int{
		"cond_stage_model.transformer.text_model.embeddings.position_embedding.weight": {77, 768},
		"model.diffusion_model.input_blocks.0.0.weight":                                {320, 4, 3, 3},
		"model.diffusion_model.middle_block.1.proj_in.weight":                          {640, 640},
	}
	if c.lora {
		shapes = map[string][]int{
			"lora_unet_mid_block_attentions_0_proj_in.lora_down.weight": {32, 1280},
			"lora_unet_mid_block_attentions_0_proj_in.lora_up.weight":   {1280, 32},
		}
	}
	return newSafetensors(shapes, map[string]string{
		"format": "pt", "job_id": j.ID, "checkpoint_id": c.id, "training_step": strconv.Itoa(c.step), "base_model": or(j.Train.BaseModel, ""),
	}, hashText(c.id))
}

// newSafetensors lays out half-precision tensors in the order of their names.
func newSafetensors(shapes map[string][]int, metadata map[string]string, seed uint64) safetensors {
	header := map[string]any{"__metadata__": metadata}
	size := 0
	for _, name := range sortedKeys(shapes) {
		n := 2
		for _, side := range shapes[name] {
			n *= side
		}
		header[name] = tensor{"F16", shapes[name], [2]int{size, size + n}}
		size += n
	}
	text, _ := json.Marshal(header) // plain data always marshals
	for len(text)%8 != 0 {
		text = append(text, ' ')
	}
	return safetensors{text, size, seed}
}

func (f safetensors) size() int { return 8 + len(f.header) + f.data }

func (f safetensors) bytes() []byte {
	out := binary.LittleEndian.AppendUint64(make([]byte, 0, f.size()), uint64(len(f.header)))
	out = append(out, f.header...)
	rng := rand.New(rand.NewPCG(f.seed, 1))
	for range f.data / 2 {
		// Sign and mantissa are random; the exponent keeps values small, as weights are.
		out = binary.LittleEndian.AppendUint16(out, uint16(rng.Uint32())&0x83ff|9<<10)
	}
	return out
}
