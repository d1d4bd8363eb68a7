package gateway

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// Keys verify tokens. Several serve at once, told apart by their kid, so that signers can go from one to the next.
type Keys struct {
	keys  map[string]key // by kid; "" is the only key of a file that names none
	order []string       // kids as the file has them
}

// key verifies one algorithm: a token cannot choose another for it.
type key struct {
	algorithm string
	verify    any // []byte for HS256, ed25519.PublicKey for EdDSA
}

// shortestSecret is how many bytes an HS256 secret has at least: as many as its hash.
const shortestSecret = 32

// ParseKeys reads the keys of a file: a JWK set with keys of the types oct (HS256) and OKP with the curve Ed25519 (EdDSA), each with a
// kid; or the text of one HS256 secret, at least 32 bytes, surrounding white space aside.
func ParseKeys(text []byte) (*Keys, error) {
	text = bytes.TrimSpace(text)
	keys := &Keys{keys: map[string]key{}}
	if !bytes.HasPrefix(text, []byte("{")) {
		if len(text) < shortestSecret {
			return nil, fmt.Errorf("keys: the secret is shorter than %d bytes", shortestSecret)
		}
		keys.add("", key{"HS256", bytes.Clone(text)})
		return keys, nil
	}
	var set struct {
		Keys []struct{ Kty, Kid, Alg, Crv, K, X string }
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, errors.New("keys: the file is no JWK set") // the error would quote it
	}
	for i, each := range set.Keys {
		var made key
		switch {
		case each.Kty == "oct" && (each.Alg == "HS256" || each.Alg == ""):
			secret, err := base64.RawURLEncoding.DecodeString(each.K)
			if err != nil || len(secret) < shortestSecret {
				return nil, fmt.Errorf("keys: key %d must have %d bytes or more, in base64url", i, shortestSecret)
			}
			made = key{"HS256", secret}
		case each.Kty == "OKP" && each.Crv == "Ed25519" && (each.Alg == "EdDSA" || each.Alg == "Ed25519" || each.Alg == ""):
			public, err := base64.RawURLEncoding.DecodeString(each.X)
			if err != nil || len(public) != ed25519.PublicKeySize {
				return nil, fmt.Errorf("keys: key %d is no Ed25519 key", i)
			}
			made = key{"EdDSA", ed25519.PublicKey(public)}
		default:
			return nil, fmt.Errorf("keys: key %d is neither for HS256 nor for EdDSA with Ed25519", i)
		}
		if each.Kid == "" && len(set.Keys) > 1 {
			return nil, fmt.Errorf("keys: key %d has no kid", i)
		}
		if _, twice := keys.keys[each.Kid]; twice {
			return nil, fmt.Errorf("keys: two keys have the kid %q", each.Kid)
		}
		keys.add(each.Kid, made)
	}
	if len(keys.keys) == 0 {
		return nil, errors.New("keys: the set is empty")
	}
	return keys, nil
}

func (k *Keys) add(kid string, made key) {
	k.keys[kid] = made
	k.order = append(k.order, kid)
}

// seeds are what other keys can be derived from, one of each key, in the order of the file.
func (k *Keys) seeds() [][]byte {
	seeds := make([][]byte, len(k.order))
	for i, kid := range k.order {
		switch verify := k.keys[kid].verify.(type) {
		case []byte:
			seeds[i] = verify
		case ed25519.PublicKey:
			seeds[i] = verify
		}
	}
	return seeds
}
