// What tests reach inside for: the Luma balance, and a full Bria dataset.

package sandbox

// SetLumaBalance gives the Luma account a balance in US cents, before its generations.
func (s *Sandbox) SetLumaBalance(cents float64) { s.service("luma").(*luma).balance = cents }

// SetDreamlookTokens gives the dreamlook.ai account so many tokens, before its jobs.
func (s *Sandbox) SetDreamlookTokens(tokens int) { s.service("dreamlook").(*dreamlook).tokens = tokens }

// FillBriaDataset repeats a dataset's first image until there are n.
func (s *Sandbox) FillBriaDataset(id, n int) {
	b := s.service("bria").(*bria)
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.anyDataset(id)
	for len(d.Images) < n {
		img := d.Images[0]
		img.ID = b.nextImage
		b.nextImage++
		d.Images = append(d.Images, img)
	}
}
