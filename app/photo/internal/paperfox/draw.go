// Putting one picture together from a pose, a place and the light.

package paperfox

import (
	"fmt"
	"image"
)

// Draw makes picture number i, counted from 0, and says what it shows. Pose
// and place repeat together only after 35 pictures, and even then the details
// differ.
func Draw(i int) (img *image.RGBA, caption string) {
	n := &noise{state: uint32(i)*2654435761 + 97}
	pose, place := poses[i%len(poses)], places[i%len(places)]
	light := point{-0.75, -0.65}
	if i%3 == 1 {
		light.x = -light.x
	}
	s := newScene(light)
	place.build(s, n)
	fox(s, pose, n)
	if place.front != nil {
		place.front(s, n)
	}
	s.finish(place.tint, n)
	return s.img, fmt.Sprintf("a small orange paper fox %s %s", pose.doing, place.where)
}

func fox(s *scene, pose pose, n *noise) {
	p := placing{
		at:     point{pose.at.x + n.between(-36, 36), pose.at.y + n.between(-14, 14)},
		scale:  pose.size * n.between(0.94, 1.05),
		mirror: n.float() < 0.5,
	}
	if p.mirror {
		p.at.x = Edge - p.at.x
	}
	at, turn := pose.body(s, p)
	head(s, p.on(at, turn+n.between(-0.10, 0.10)), pose.eyes)
}
